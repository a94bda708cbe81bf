//! Text in which parts are replaced: every language finds places, and this puts something there.

use std::ops::Range;

/// Text that takes the place of a part of another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub(crate) place: Range<usize>,
    pub(crate) text: String,
}

/// `content` with `edits`, which are in order and do not overlap.
pub(crate) fn apply(content: &str, edits: &[Edit]) -> String {
    apply_within(content, edits, 0..content.len())
}

/// The part `range` of `content`, with those of the `edits` that lie in it.
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
