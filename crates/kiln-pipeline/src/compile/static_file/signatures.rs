//! Signatures of images and fonts. A file whose extension differs from its format is an error: responses have
//! `X-Content-Type-Options: nosniff`, so no browser would show it.

use crate::{Config, Error, Result, source::Source};

/// Formats by extension, with the offset and the bytes of their signature.
const SIGNATURES: [(&str, usize, &[u8]); 9] = [
    ("avif", 4, b"ftypavi"),
    ("gif", 0, b"GIF8"),
    ("jpeg", 0, b"\xff\xd8\xff"),
    ("jpg", 0, b"\xff\xd8\xff"),
    ("png", 0, b"\x89PNG\r\n\x1a\n"),
    ("webp", 8, b"WEBP"),
    ("woff", 0, b"wOFF"),
    ("woff2", 0, b"wOF2"),
    ("ico", 0, b"\0\0\x01\0"),
];

/// Compares the first bytes of a file with the signature of its extension.
pub(super) fn check(config: &Config, source: &Source, head: &[u8]) -> Result<()> {
    let Some(extension) = source.path.extension().map(str::to_ascii_lowercase) else { return Ok(()) };
    let Some((_, offset, signature)) = SIGNATURES.iter().find(|(name, ..)| *name == extension) else {
        return Ok(());
    };
    if head.get(*offset..).is_some_and(|rest| rest.starts_with(signature)) {
        return Ok(());
    }
    let real = SIGNATURES
        .iter()
        .find(|(_, offset, signature)| head.get(*offset..).is_some_and(|rest| rest.starts_with(signature)));
    Err(Error::Tree {
        path: config.name_of(&source.file).into(),
        problem: match real {
            Some((format, ..)) => format!("extension is `{extension}`, but the content is `{format}`"),
            None => format!("extension is `{extension}`, but the content is not"),
        },
        help: "rename it after its format, or export it again: browsers reject a wrong media type".to_owned(),
    })
}
