//! Inline styles.

use std::ops::Range;

use kiln_manifest::LogicalPath;

use crate::{
    Error, Result,
    compile::{
        context::Context,
        css::{Scan, demand_urls, rewrite},
        demand::DemandScope,
    },
    text::{Edit, Text},
};

/// Edits that put tokens into an inline style of `page`, whose references are relative to `base`.
pub(super) fn edits(
    context: &Context<'_>,
    (base, page): (&LogicalPath, &LogicalPath),
    text: &Text,
    style: &Range<usize>,
) -> Result<Vec<Edit>> {
    let scan = Scan::of(&text.content()[style.clone()]);
    if scan.uses_tailwind {
        return Err(needs_tailwind(text, style));
    }
    demand_urls(context, (text, style.start), &scan, |_| DemandScope::Page(page.clone()));
    rewrite(context, base, (text, style), &scan)
}

fn needs_tailwind(text: &Text, style: &Range<usize>) -> Error {
    let rule = text.content()[style.clone()].find('@').unwrap_or_default();
    let start = style.start + rule;
    let word = text.word_at(start + 1);
    text.error(start..word.end.max(start + 1), "Tailwind in an inline style is not supported")
        .with_label("only style sheets are compiled")
        .with_help("move the style into a file, and load it by `<link rel=\"stylesheet\">`")
        .into()
}
