//! Media types of outputs: by the extension and, where two formats share it or there is none, by the content.

use kiln_manifest::LogicalPath;
use mime_guess::{from_path, mime::TEXT};

use crate::file_digest::is_transport_stream;

const JSON: &str = "application/json";
const PLAIN: &str = "text/plain";
const BINARY: &str = "application/octet-stream";
const JAVASCRIPT: &str = "text/javascript";

/// Types by extension that `mime_guess` does not know, or knows by an older name.
const EXTENSIONS: [(&str, &str); 19] = [
    // RFC 9239 §6.
    ("cjs", JAVASCRIPT),
    ("js", JAVASCRIPT),
    ("mjs", JAVASCRIPT),
    // RFC 8081 §4.4.
    ("otf", "font/otf"),
    ("woff", "font/woff"),
    // RFC 8216 §4, and ISO/IEC 23009-1 §C.
    ("m3u8", "application/vnd.apple.mpegurl"),
    ("m4s", "video/iso.segment"),
    // RFC 8878 §7.1.
    ("zst", "application/zstd"),
    ("map", JSON),
    ("topojson", JSON),
    // Sources that are offered to people.
    ("cts", PLAIN),
    ("jsx", PLAIN),
    ("mts", PLAIN),
    ("rs", PLAIN),
    ("toml", PLAIN),
    ("ts", PLAIN),
    ("tsx", PLAIN),
    ("yaml", PLAIN),
    ("yml", PLAIN),
];

/// Names without an extension whose files are JSON: Apple's Universal Links, RFC 8414 §3, RFC 9728 §3 and
/// `OpenID` Connect Discovery 1.0 §4.
const JSON_NAMES: [&str; 4] = [
    "apple-app-site-association",
    "oauth-authorization-server",
    "oauth-protected-resource",
    "openid-configuration",
];

/// The value of `Content-Type`, with `charset=utf-8` for text.
pub(super) fn media_type(path: &LogicalPath) -> String {
    with_charset(by_extension(path).as_deref().unwrap_or(BINARY))
}

/// The value of `Content-Type` of a file that begins with `head`.
pub(super) fn media_type_of(path: &LogicalPath, head: &[u8]) -> String {
    let is_stream = || is_transport_stream(head);
    match path.extension() {
        Some("ts" | "mts") if is_stream() => with_charset("video/mp2t"),
        None if JSON_NAMES.contains(&path.file_name()) => with_charset(JSON),
        None => with_charset(if is_text(head) { PLAIN } else { BINARY }),
        Some(_) => media_type(path),
    }
}

fn by_extension(path: &LogicalPath) -> Option<String> {
    let extension = path.extension()?.to_ascii_lowercase();
    let known = EXTENSIONS.iter().find(|(name, _)| *name == extension);
    known.map(|(_, essence)| (*essence).to_owned()).or_else(|| {
        let guess = from_path(path.as_str()).first()?;
        Some(guess.essence_str().to_owned())
    })
}

fn with_charset(essence: &str) -> String {
    let is_text = essence.split('/').next() == Some(TEXT.as_str())
        || [JSON, "application/manifest+json", "image/svg+xml"].contains(&essence);
    if is_text { format!("{essence}; charset=utf-8") } else { essence.to_owned() }
}

/// Whether a file that begins like this is text in UTF-8: no control characters but those of lines and tabs. The last
/// character may be cut.
fn is_text(head: &[u8]) -> bool {
    let whole = match str::from_utf8(head) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            str::from_utf8(&head[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !whole.chars().any(|letter| letter.is_control() && !letter.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_those_that_browsers_and_verifiers_expect() {
        let packet = [&[0x47, 0x40, 0x00, 0x10][..], &[0; 184][..], &[0x47][..]].concat();
        for (path, head, expected) in [
            (".well-known/apple-app-site-association", &b"{}"[..], "application/json; charset=utf-8"),
            (".well-known/security.txt", b"", "text/plain; charset=utf-8"),
            ("LICENSE", "Licence für alle".as_bytes(), "text/plain; charset=utf-8"),
            ("LICENSE", &"ü".as_bytes()[..1], "text/plain; charset=utf-8"),
            ("program", b"\x7fELF\x02\x01\x01\0", "application/octet-stream"),
            ("latin", b"f\xfcr", "application/octet-stream"),
            ("hls/seg0.ts", &packet, "video/mp2t"),
            ("types/api.d.ts", b"export {};", "text/plain; charset=utf-8"),
            ("a.mjs", b"", "text/javascript; charset=utf-8"),
            ("a.CJS", b"", "text/javascript; charset=utf-8"),
            ("a.wasm", b"", "application/wasm"),
            ("a.avif", b"", "image/avif"),
            ("a.webmanifest", b"", "application/manifest+json; charset=utf-8"),
            ("a.js.map", b"", "application/json; charset=utf-8"),
            ("a.m3u8", b"", "application/vnd.apple.mpegurl"),
            ("a.woff2", b"", "font/woff2"),
            ("a.woff", b"", "font/woff"),
            ("a.svg", b"", "image/svg+xml; charset=utf-8"),
            ("a.unknown", b"text", "application/octet-stream"),
        ] {
            assert_eq!(media_type_of(&LogicalPath::new(path).expect(path), head), expected, "{path}");
        }
    }
}
