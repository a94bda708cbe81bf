//! Edits of a text, and positions past them.

use std::ops::Range;

/// A replacement of a range of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) place: Range<usize>,
    pub(crate) text: String,
}

impl Edit {
    /// The edit in a text in which `before` bytes precede the edited one.
    pub(crate) fn after(self, before: usize) -> Self {
        Self { place: before + self.place.start..before + self.place.end, ..self }
    }
}

/// `content` with `edits`, which are in order and do not overlap.
pub(crate) fn apply(content: &str, edits: &[Edit]) -> String {
    apply_within(content, edits, 0..content.len())
}

/// The part `range` of `content`, with the `edits` that lie in it.
pub(crate) fn apply_within(content: &str, edits: &[Edit], range: Range<usize>) -> String {
    let mut output = String::with_capacity(range.len());
    let mut done = range.start;
    for edit in edits.iter().filter(|edit| range.start <= edit.place.start && edit.place.end <= range.end) {
        output.push_str(&content[done..edit.place.start]);
        output.push_str(&edit.text);
        done = edit.place.end;
    }
    output + &content[done..range.end]
}
