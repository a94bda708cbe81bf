//! Places in migrations, as diagnostics name them.

use std::ops::Range;

use crate::text::Text;

/// The folder of migrations, below the package.
pub(super) const FOLDER: &str = "migrations";

/// The path of a migration, relative to the package.
pub(super) fn path(file: &str) -> String {
    format!("{FOLDER}/{file}")
}

/// The text, and the span of a line, counted from 1, without its leading and trailing white space.
pub(super) fn text_at_line(text: Text, line: usize) -> (Text, Range<usize>) {
    let start = text.offset(line - 1, 0);
    let whole = text.content()[start..].lines().next().unwrap_or_default();
    let start = start + whole.len() - whole.trim_start().len();
    let span = start..start + whole.trim().len();
    (text, span)
}
