//! Places of outputs: the URL, and the file in the output folder.

use kiln_manifest::{Digest, Exposure, Mode};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::{Config, compile::Compiled, config::SourceMaps};

/// Characters that end a URL, or have another meaning, in HTML, in an unquoted `url()`, or in a path.
const ESCAPED: AsciiSet = CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// The URL and the file of an output whose content has this digest.
pub(super) fn place(config: &Config, output: &Compiled, digest: &Digest) -> (Option<String>, String) {
    let (path, prefix) = (&output.path, &config.options.prefix);
    let url = match (output.exposure, config.mode) {
        (Exposure::Private, _) => None,
        (Exposure::Page | Exposure::Verbatim, _) => Some(format!("/{path}")),
        (Exposure::Hashed, _) if config.options.hashed.is_match(path.as_str()) => Some(format!("/{path}")),
        (Exposure::Hashed, Mode::Dev) => Some(format!("{prefix}{path}")),
        (Exposure::Hashed, Mode::Release) => Some(format!("{prefix}{}", path.with_fingerprint(digest))),
    };
    let file = match (&url, config.mode) {
        // A server reads this folder while it is rewritten. With new content in a new file, a manifest that the server
        // has read stays valid.
        (Some(_), Mode::Dev) => format!("public/{}", path.with_fingerprint(digest)),
        (None, Mode::Dev) => format!("private/{}", path.with_fingerprint(digest)),
        (Some(url), Mode::Release) => format!("public{url}"),
        (None, Mode::Release) => format!("private/{path}"),
    };
    let mount = config.options.mount.trim_end_matches('/');
    let shown = url.map(|url| match output.exposure {
        Exposure::Page => format!("{mount}{}", pretty(&url)),
        _ => format!("{mount}{url}"),
    });
    (shown.map(|url| utf8_percent_encode(&url, &ESCAPED).to_string()), file)
}

/// The URL and the file of an output's source map. `code` is the digest of the text that the map describes.
pub(super) fn map_place(config: &Config, output: &Compiled, code: &Digest) -> (Option<String>, String) {
    if config.source_maps() == SourceMaps::Hidden {
        return (None, format!("private/{}.map", output.path));
    }
    let (url, file) = place(config, output, code);
    (url.map(|url| format!("{url}.map")), format!("{file}.map"))
}

/// The URL path of a page: `/docs/` for `/docs/index.html`, `/about` for `/about.html`.
fn pretty(path: &str) -> &str {
    let name = path.strip_suffix(".html").or_else(|| path.strip_suffix(".htm")).unwrap_or(path);
    match name.strip_suffix("index") {
        Some(folder) if folder.ends_with('/') => folder,
        _ => name,
    }
}
