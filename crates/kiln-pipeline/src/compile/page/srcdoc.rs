//! Pages within a page: `<iframe srcdoc="…">`. References in it are relative to the page around it, and it is under
//! the policy of that page (HTML §4.8.5, CSP Level 3 §4.2.3).

use std::ops::Range;

use html_escape::{decode_html_entities, encode_quoted_attribute};

use super::compile::{CompiledPage, Page};
use crate::{
    Result,
    compile::{context::Context, entry::Entry, graph::Graph, output::Inline},
    source::Source,
    text::{Edit, Text},
};

/// A page that stands in an attribute.
#[derive(Debug)]
pub(super) struct Srcdoc<'a> {
    /// The bytes of the attribute, without quotes.
    place: Range<usize>,
    page: Page<'a>,
}

impl<'a> Srcdoc<'a> {
    pub(super) fn read(
        context: &Context<'_>,
        source: &'a Source,
        around: &Text,
        place: &Range<usize>,
    ) -> Result<Self> {
        let content = decode_html_entities(&around.content()[place.clone()]).into_owned();
        let text = Text::new(format!("{}, srcdoc", around.name()), content);
        Ok(Self { place: place.clone(), page: Page::of(context, source, text)? })
    }

    pub(super) fn entries<'s>(&self, context: &Context<'s>) -> Vec<Entry<'s>> {
        self.page.entries(context)
    }

    /// The attribute with tokens, when it refers to a file; and the inline parts that the policy of the page around has to allow.
    /// Its scripts and styles are not needed by that page.
    pub(super) fn with_tokens(
        &self,
        context: &Context<'_>,
        graph: &Graph,
        around: &Text,
    ) -> Result<(Option<Edit>, Vec<Inline>)> {
        let CompiledPage { content, inline, .. } = self.page.with_tokens(context, graph)?;
        if content == self.page.text.content() {
            return Ok((None, inline));
        }
        let value = encode_quoted_attribute(&content).into_owned();
        let is_quoted = around.content()[..self.place.start].ends_with(['"', '\'']);
        let text = if is_quoted { value } else { format!("\"{value}\"") };
        Ok((Some(Edit { place: self.place.clone(), text }), inline))
    }
}
