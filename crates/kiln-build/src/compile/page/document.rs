//! Pages within a page: `<iframe srcdoc="…">`. What stands there is relative to the page around it, and under its
//! policy (HTML §4.8.5, CSP Level 3 §4.2.3).

use std::ops::Range;

use html_escape::{decode_html_entities, encode_quoted_attribute};

use super::{Entry, Marked, Page};
use crate::{
    Result,
    compile::{Graph, Inline, Stage},
    discover::Source,
    edit::Edit,
    error::Text,
};

/// See the module.
#[derive(Debug)]
pub(super) struct Document<'a> {
    /// The bytes of the attribute, without quotes.
    place: Range<usize>,
    page: Page<'a>,
}

impl<'a> Document<'a> {
    pub(super) fn read(
        stage: &Stage<'_>,
        source: &'a Source,
        around: &Text,
        place: &Range<usize>,
    ) -> Result<Self> {
        let content = decode_html_entities(&around.content()[place.clone()]).into_owned();
        let text = Text::new(format!("{}, srcdoc", around.name()), content);
        Ok(Self { place: place.clone(), page: Page::of(stage, source, text)? })
    }

    pub(super) fn entries<'s>(&self, stage: &Stage<'s>) -> Vec<Entry<'s>> {
        self.page.entries(stage)
    }

    /// The attribute with tokens, when it refers to a file; and what the policy of the page around has to allow.
    /// What it loads is not needed by that page.
    pub(super) fn marked(
        &self,
        stage: &Stage<'_>,
        graph: &Graph,
        around: &Text,
    ) -> Result<(Option<Edit>, Vec<Inline>)> {
        let Marked { content, inline, .. } = self.page.marked(stage, graph)?;
        if content == self.page.text.content() {
            return Ok((None, inline));
        }
        let value = encode_quoted_attribute(&content).into_owned();
        let is_quoted = around.content()[..self.place.start].ends_with(['"', '\'']);
        let text = if is_quoted { value } else { format!("\"{value}\"") };
        Ok((Some(Edit { place: self.place.clone(), text }), inline))
    }
}
