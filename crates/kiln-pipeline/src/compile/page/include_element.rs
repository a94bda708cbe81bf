//! The element in whose place the content of a partial stands.

use std::ops::Range;

use lol_html::html_content::{Attribute, Element};

/// The name of the element.
pub(super) const INCLUDE: &str = "kiln-include";

/// `<kiln-include src="_nav.html">`.
#[derive(Debug)]
pub(super) struct IncludeElement {
    /// The bytes of the element, with an end tag that follows at once.
    pub(super) whole: Range<usize>,
    /// The bytes of `src`, without quotes.
    pub(super) src: Option<Range<usize>>,
    /// The name of another attribute.
    pub(super) unknown: Option<String>,
    /// Whether there is content between the tags.
    pub(super) has_content: bool,
}

impl IncludeElement {
    pub(super) fn of(html: &str, element: &Element<'_, '_>) -> Self {
        const END: &str = "</kiln-include>";
        let tag = element.source_location().bytes();
        let rest = &html[tag.end..];
        let until_next = &rest[..rest.find("<kiln-include").unwrap_or(rest.len())];
        let content = until_next.to_ascii_lowercase().find(END).map(|end| &rest[..end]);
        let is_empty = content.is_some_and(|content| content.trim().is_empty());
        let end = content.filter(|_| is_empty).map_or(0, |content| content.len() + END.len());
        let attributes = element.attributes();
        let src = attributes.iter().find(|attribute| attribute.name() == "src");
        Self {
            whole: tag.start..tag.end + end,
            src: src.and_then(|src| Some(src.value_source_location()?.bytes())),
            unknown: attributes.iter().map(Attribute::name).find(|name| name != "src"),
            has_content: content.is_some() && !is_empty,
        }
    }
}
