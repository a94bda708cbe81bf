//! Pug: `p.flex.p-4(class="a")`.

use super::{
    super::grammar::byte,
    brackets::{Depth, string},
    decimal::is_decimal_point,
};

/// A part of a line. Only attributes of an element continue in the next line, and only they contain strings: elsewhere,
/// brackets and quotes may be text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Indentation.
    Start,
    /// An element: `p.flex`, and `p: a.flex`.
    Element,
    Text,
}

impl Part {
    /// The part to which the letter after `before` belongs.
    fn next(self, before: u8, letter: u8) -> Self {
        match self {
            _ if letter == b'\n' => Self::Start,
            Self::Start if letter.is_ascii_whitespace() => Self::Start,
            Self::Start if letter.is_ascii_alphabetic() || b".#+".contains(&letter) => Self::Element,
            Self::Element if !letter.is_ascii_whitespace() => Self::Element,
            Self::Element if before == b':' => Self::Start,
            _ => Self::Text,
        }
    }
}

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    let mut output = text.to_vec();
    let mut depth = Depth::default();
    let (mut at, mut part) = (0, Part::Start);
    while at < text.len() {
        let before = byte(text, at.wrapping_sub(1));
        if text[at] == b'\n' {
            depth = Depth::default();
        }
        if depth.is_outside() {
            part = part.next(before, text[at]);
        }
        let is_open = text[at] == b'(' && !matches!(before, b'-' | b'/');
        if depth.is_outside() && (is_open || text[at] == b'.' && !is_decimal_point(text, at)) {
            output[at] = b' ';
        }
        if depth.is_outside() && is_open && part == Part::Element {
            at = attributes(text, at);
            continue;
        }
        depth.meet(text[at]);
        at += 1;
    }
    output
}

/// The end of an element's attributes.
fn attributes(text: &[u8], open: usize) -> usize {
    let mut depth = Depth::default();
    let mut at = open;
    while at < text.len() {
        at = string(text, at).unwrap_or(at + 1);
        depth.meet(text[at - 1]);
        if depth.is_outside() {
            return at;
        }
    }
    at
}
