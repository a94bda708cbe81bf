//! Edited texts, with the positions of the original.

use std::ops::Range;

use super::edit::{Edit, apply};

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
