//! Pages within a page: `<iframe srcdoc="…">`. References in one are relative to the embedding page, whose policy
//! applies as well (HTML §4.8.5, CSP Level 3 §4.2.3).

use std::ops::Range;

use html_escape::{decode_html_entities, encode_quoted_attribute};
use kiln_manifest::{LogicalPath, Policy};

use super::compile::{CompiledPage, Includers, Page};
use crate::{
    Result,
    compile::{context::Context, entry::Entry, graph::Graph, output::Inline},
    text::{Edit, Text},
};

/// A page in an attribute.
#[derive(Debug)]
pub(super) struct Srcdoc<'a> {
    /// The bytes of the attribute, without quotes.
    place: Range<usize>,
    page: Page<'a>,
}

impl<'a> Srcdoc<'a> {
    pub(super) fn read(
        context: &Context<'a>,
        includers: Includers<'_, 'a>,
        outer: &Text,
        place: &Range<usize>,
    ) -> Result<Self> {
        let html = decode_html_entities(&outer.content()[place.clone()]).into_owned();
        let text = Text::new(format!("{}, srcdoc", outer.name()), html);
        Ok(Self { place: place.clone(), page: Page::of(context, includers, text)? })
    }

    pub(super) fn entries<'s>(&self, context: &Context<'s>) -> Vec<Entry<'s>> {
        self.page.entries(context)
    }

    pub(super) fn included(&self) -> Vec<&'a LogicalPath> {
        self.page.included()
    }

    pub(super) fn policy(&self) -> Policy {
        self.page.policy()
    }

    /// The attribute with tokens, when it has references; and the inline parts that the embedding page's policy has to
    /// allow. The embedding page itself does not need the scripts and styles.
    pub(super) fn with_tokens(
        &self,
        context: &Context<'_>,
        graph: &Graph,
        outer: &Text,
    ) -> Result<(Option<Edit>, Vec<Inline>)> {
        let CompiledPage { html, inline, .. } = self.page.with_tokens(context, graph)?;
        if html == self.page.text.content() {
            return Ok((None, inline));
        }
        let value = encode_quoted_attribute(&html).into_owned();
        let is_quoted = outer.content()[..self.place.start].ends_with(['"', '\'']);
        let text = if is_quoted { value } else { format!("\"{value}\"") };
        Ok((Some(Edit { place: self.place.clone(), text }), inline))
    }
}
