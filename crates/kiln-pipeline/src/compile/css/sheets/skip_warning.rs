//! Warnings about CSS that browsers skip.

use std::collections::BTreeSet;

/// A part of a source that browsers skip, at its place: line and column from 1.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::compile) struct SkippedAt {
    file: String,
    position: (usize, usize),
    /// The beginning of the part.
    excerpt: String,
    reason: String,
}

/// The characters of an excerpt.
const EXCERPT: usize = 48;

impl SkippedAt {
    pub(in crate::compile) fn new(file: &str, position: (usize, usize), css: &str, reason: &str) -> Self {
        let head = css.split(['{', ';', '\n']).next().unwrap_or_default().trim_matches([' ', ',', '\r']);
        let mut excerpt: String = head.chars().take(EXCERPT).collect();
        if excerpt.len() < head.len() {
            excerpt.push('…');
        }
        Self { file: file.to_owned(), position, excerpt, reason: reason.to_owned() }
    }
}

/// A warning for each part, and a single one for a file of a package, whose author is someone else.
/// `subject` begins the message: "browsers skip".
pub(in crate::compile) fn skip_warnings(
    subject: &str,
    skipped: impl Iterator<Item = SkippedAt>,
) -> Vec<String> {
    let skipped: BTreeSet<SkippedAt> = skipped.collect();
    let mut warnings = Vec::new();
    let mut last = None;
    for part in &skipped {
        let SkippedAt { file, position: (line, column), excerpt, reason } = part;
        let is_of_package = file.contains("node_modules/");
        if is_of_package && last == Some(file) {
            continue;
        }
        last = Some(file);
        let others = skipped.iter().filter(|other| other.file == *file).count() - 1;
        let more = if is_of_package && others > 0 { format!(", and {others} more") } else { String::new() };
        warnings.push(format!("{file}:{line}:{column}: {subject} `{excerpt}`{more}: {reason}"));
    }
    warnings
}
