//! Inline styles.

use std::ops::Range;

use kiln_manifest::LogicalPath;

use crate::{
    Error, Result,
    compile::{
        context::Context,
        css::{Scan, rewrite},
        entry::Entry,
    },
    reference::Purpose,
    text::{Edit, Text},
};

/// The style sheets that an inline style imports.
pub(super) fn entries<'s>(
    context: &Context<'s>,
    base: &LogicalPath,
    text: &Text,
    style: Range<usize>,
) -> Vec<Entry<'s>> {
    let imports = Scan::of(&text.content()[style]).imports;
    let resolved = imports.into_iter().filter_map(|(_, written)| {
        let found = context.tree.resolve(base, &written, Purpose::Resource, (text, 0..0));
        found.ok()?.map(|(source, _)| Entry::Built(source))
    });
    resolved.collect()
}

/// Edits that put tokens into an inline style.
pub(super) fn edits(
    context: &Context<'_>,
    base: &LogicalPath,
    text: &Text,
    style: &Range<usize>,
) -> Result<Vec<Edit>> {
    let scan = Scan::of(&text.content()[style.clone()]);
    if scan.uses_tailwind {
        return Err(needs_tailwind(text, style));
    }
    let edits = rewrite(&scan, |written, value| {
        let here = (text, style.start + value.start..style.start + value.end);
        context.tree.token(&context.references, base, written, Purpose::Resource, here)
    })?;
    Ok(edits.into_iter().map(|edit| edit.after(style.start)).collect())
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
