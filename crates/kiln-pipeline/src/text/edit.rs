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

/// A text after its edits, with the mapping back to the original.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edited {
    pub(crate) text: String,
    /// The replaced ranges of the original, with the length of each replacement.
    replaced: Vec<(Range<usize>, usize)>,
    /// In bytes, of the original.
    length: usize,
}

impl Edited {
    /// `content` with `edits`, which are in order and do not overlap.
    pub(crate) fn new(content: &str, edits: &[Edit]) -> Self {
        let replaced = edits.iter().map(|edit| (edit.place.clone(), edit.text.len())).collect();
        Self { text: apply(content, edits), replaced, length: content.len() }
    }

    /// The byte offset in the original of one in the edited text. An offset in a replacement is mapped to the beginning
    /// of the replaced range.
    pub(crate) fn original_offset(&self, edited: usize) -> usize {
        let mut shift = 0_isize;
        for (place, length) in &self.replaced {
            let start = place.start.saturating_add_signed(shift);
            if edited < start {
                break;
            }
            if edited < start + length {
                return place.start;
            }
            shift += length.cast_signed() - place.len().cast_signed();
        }
        edited.saturating_add_signed(-shift).min(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_in_edited_text_lead_back_to_the_original() {
        let edits = [Edit { place: 3..9, text: "url(__token__)".to_owned() }];
        let edited = Edited::new("ab url(x) cd", &edits);
        assert_eq!(edited.text, "ab url(__token__) cd");
        assert_eq!([0, 5, 18, 99].map(|at| edited.original_offset(at)), [0, 3, 10, 12]);
    }
}
