//! Signatures of images and fonts. A file whose name lies about its format is refused: pages are served with
//! `nosniff`, so no browser would show it.

use crate::{Config, Error, Result, source::Source};

/// How each format begins: at which offset, with which bytes.
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

/// Compares how a file begins with what its name promises.
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
            Some((format, ..)) => format!("named as {extension}, but its content is {format}"),
            None => format!("named as {extension}, but its content is not"),
        },
        help: "rename it after its format, or save it anew; browsers refuse a wrong media type".to_owned(),
    })
}
