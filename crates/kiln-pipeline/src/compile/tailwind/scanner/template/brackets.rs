//! Depths of brackets of any kind, and ends of strings and lines.

use super::super::grammar::byte;

/// A depth of brackets. Unmatched closing brackets are ignored.
#[derive(Debug, Default)]
pub(super) struct Depth(usize);

impl Depth {
    pub(super) fn is_outside(&self) -> bool {
        self.0 == 0
    }

    pub(super) fn meet(&mut self, letter: u8) {
        match letter {
            b'(' | b'[' | b'{' => self.0 += 1,
            b')' | b']' | b'}' => self.0 = self.0.saturating_sub(1),
            _ => {}
        }
    }
}

/// The offset of the quote that ends the string at `open`, which may span lines; that of the end of `text` without one.
pub(super) fn closing_quote(text: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < text.len() && text[at] != text[open] {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at.min(text.len())
}

/// The offset of the line feed at or after `at`; that of the end of `text` without one.
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    at + text[at..].iter().position(|letter| *letter == b'\n').unwrap_or(text.len() - at)
}

/// The offset after the string that begins at `open`; `None` when it does not end in its line, because the quote is then
/// an apostrophe.
pub(super) fn string(text: &[u8], open: usize) -> Option<usize> {
    let quote = byte(text, open);
    matches!(quote, b'"' | b'\'' | b'`').then_some(())?;
    let mut at = open + 1;
    while at < text.len() && text[at] != b'\n' {
        match text[at] {
            b'\\' => at += 2,
            letter if letter == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}
