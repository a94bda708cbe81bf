//! Attributes without a meaning for the build that name files below `assets/`: `data-src="high.png"`. The build does
//! not rewrite them, and the files are served under hashed names.

use std::ops::Range;

use html_escape::decode_html_entities;

use crate::{compile::context::Context, source::Source, text::Text};

/// A value that may be the name of a file, in an attribute without a meaning for the build.
#[derive(Debug)]
pub(super) struct UnknownAttribute {
    pub(super) tag: String,
    pub(super) name: String,
    pub(super) value: Range<usize>,
}

/// Attributes whose value is a text, a word or a name, whatever it looks like.
const TEXTS: [&str; 12] = [
    "alt",
    "class",
    "content",
    "download",
    "for",
    "id",
    "label",
    "name",
    "placeholder",
    "title",
    "type",
    "value",
];

/// Whether an attribute may name a file. On a `<meta>`, `content` may.
pub(super) fn may_be_file(name: &str, value: &str) -> bool {
    let is_text = TEXTS.contains(&name) && name != "content" || name.starts_with("aria-");
    !is_text && value.contains('.') && value.len() < 512 && !value.trim().contains(char::is_whitespace)
}

/// Warns of the names of files in attributes of a page or partial.
pub(super) fn warn(context: &Context<'_>, source: &Source, text: &Text, unknown: &[UnknownAttribute]) {
    let warnings = unknown.iter().filter_map(|UnknownAttribute { tag, name, value }| {
        let written = decode_html_entities(&text.content()[value.clone()]).into_owned();
        let (target, _) = context.tree.find(&source.path, &written).filter(|(found, _)| context.is_renamed(found))?;
        let (line, column) = text.position(value.start);
        let help = match (tag.as_str(), name.as_str()) {
            ("meta", _) => format!("add `verbatim = [\"{}\"]`", target.path),
            _ if name.starts_with("data-") => format!("add `attributes = [\"{name}\"]`"),
            _ => format!("add `attributes = [\"{tag}[{name}]\"]`"),
        };
        Some(format!(
            "{}:{line}:{column}: path `{written}` in `{name}` not rewritten, but the file is served under a hashed name; {help} to [package.metadata.kiln]",
            text.name()
        ))
    });
    context.warn(warnings);
}
