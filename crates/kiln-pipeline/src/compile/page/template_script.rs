//! Templates in scripts, `<script type="text/template">`, which the build does not compile.

use html_escape::decode_html_entities;

use super::{
    inline::{InlineLanguage, InlineText},
    scan::scan,
};
use crate::{compile::context::Context, source::Source, text::Text};

/// Warns of references to files among `inline` of a page.
pub(super) fn warn(context: &Context<'_>, source: &Source, text: &Text, inline: &[InlineText]) {
    for template in inline.iter().filter(|text| text.language == InlineLanguage::Template) {
        let html = &text.content()[template.place.clone()];
        let Ok(found) = scan(html, &context.config.options.attributes) else { continue };
        context.warn(found.places.iter().filter_map(|place| {
            let written = decode_html_entities(&html[place.url.clone()]).into_owned();
            context.tree.find(&source.path, &written).filter(|(file, _)| context.is_renamed(file))?;
            let (line, column) = text.position(template.place.start + place.url.start);
            Some(format!(
                "{}:{line}:{column}: path `{written}` in a script not rewritten, but the file is served under a hashed name; use `<template>`",
                text.name()
            ))
        }));
    }
}
