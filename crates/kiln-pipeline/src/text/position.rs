//! Positions in a text as source maps count them: lines from 0, columns from 0 in UTF-16 code units.

/// A line and a column, both from 0; the column in UTF-16 code units.
pub(crate) type Position = (u32, u32);

/// The byte offset of `units` UTF-16 code units in `text`; that of its end when it is shorter.
pub(crate) fn utf16_offset(text: &str, units: usize) -> usize {
    let mut counted = 0;
    let found = text.char_indices().find(|(_, character)| {
        let is_reached = counted >= units;
        counted += character.len_utf16();
        is_reached
    });
    found.map_or(text.len(), |(at, _)| at)
}

/// The length of `text` in UTF-16 code units.
#[cfg(feature = "toolchain")]
pub(super) fn utf16_length(text: &str) -> u32 {
    short(text.encode_utf16().count())
}

/// A count in the width of source maps; a larger one saturates.
pub(crate) fn short(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// The lines of a text, found once for many positions.
#[derive(Debug)]
pub(crate) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(starts).collect() }
    }

    /// The byte offset of a position. A column beyond the end of a line counts as that end.
    pub(crate) fn offset(&self, (line, column): Position) -> usize {
        let Some(start) = self.starts.get(line as usize).copied() else { return self.text.len() };
        let rest = self.text[start..].lines().next().unwrap_or_default();
        start + utf16_offset(rest, column as usize)
    }

    /// The position of a byte offset.
    #[cfg(feature = "toolchain")]
    pub(crate) fn position(&self, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let before = self.text.get(self.starts[line]..offset).unwrap_or_default();
        (short(line), utf16_length(before))
    }
}

#[cfg(all(test, feature = "toolchain"))]
mod tests {
    use super::*;

    #[test]
    fn positions_and_offsets_lead_to_each_other() {
        let text = "é😀x\n\nyz";
        let lines = Lines::of(text);
        for (position, before) in [((0, 0), ""), ((0, 3), "é😀"), ((1, 0), "é😀x\n"), ((2, 1), "é😀x\n\ny")]
        {
            assert_eq!(lines.offset(position), before.len(), "{position:?}");
            assert_eq!(lines.position(before.len()), position, "{before}");
        }
        assert_eq!(lines.offset((0, 99)), "é😀x".len());
        assert_eq!(lines.offset((9, 0)), text.len());
    }
}
