//! The sources from which compilation starts: what a page or the configuration asks for.

use crate::discover::{Language, Source};

/// All of them, each once, sorted.
#[derive(Debug, Default)]
pub(super) struct Entries<'a> {
    pub(super) scripts: Vec<&'a Source>,
    pub(super) styles: Vec<&'a Source>,
    pub(super) classic: Vec<&'a Source>,
}

/// A source that a page or the configuration asks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry<'a> {
    /// A module to bundle, or a style to compile.
    Built(&'a Source),
    /// A script for `<script src>` without `type=module`, served as it is written.
    Classic(&'a Source),
}

impl<'a> Entries<'a> {
    pub(super) fn add(&mut self, entry: Entry<'a>) {
        let (list, source) = match entry {
            Entry::Classic(source) => (&mut self.classic, source),
            Entry::Built(source) if source.language == Language::Style => (&mut self.styles, source),
            Entry::Built(source) if source.language == Language::Script => (&mut self.scripts, source),
            Entry::Built(_) => return,
        };
        if !list.iter().any(|present| present.path == source.path) {
            list.push(source);
            list.sort_by(|a, b| a.path.cmp(&b.path));
        }
    }
}
