//! Haml: `%p.flex.p-4{class: "a"}`.

use super::{
    brackets::{Depth, line_end},
    decimal::is_decimal_point,
    ruby,
    words::{self, Within},
};

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    let mut output = text.to_vec();
    let mut depth = Depth::default();
    let (mut at, mut begins_line) = (0, true);
    while at < text.len() {
        if begins_line && let Some(line) = HamlLine::at(&text[at..]) {
            let end = line_end(text, at);
            if line == HamlLine::Ruby {
                output[at..end].copy_from_slice(&ruby::prepared(&text[at..end]));
            }
            at = end;
            continue;
        }
        begins_line = text[at] == b'\n' || begins_line && text[at].is_ascii_whitespace();
        at = match words::unwrapped(text, at, Within::Template, &mut output) {
            Some(end) => end,
            None if text[at] == b'\\' => at + 2,
            None => {
                if separates(text, at, &mut depth) {
                    output[at] = b' ';
                }
                at + 1
            }
        };
    }
    output
}

/// A line other than an element.
#[derive(PartialEq, Eq)]
enum HamlLine {
    Comment,
    Ruby,
}

impl HamlLine {
    fn at(line: &[u8]) -> Option<Self> {
        match line {
            [b'/', ..] | [b'-', b'#', ..] => Some(Self::Comment),
            [b'-' | b'=' | b'~', ..] => Some(Self::Ruby),
            _ => None,
        }
    }
}

/// Whether the character at `at` separates an element's classes from each other or from other text.
fn separates(text: &[u8], at: usize, depth: &mut Depth) -> bool {
    let was_outside = depth.is_outside();
    depth.meet(text[at]);
    match text[at] {
        b'.' => was_outside && !is_decimal_point(text, at),
        b'#' | b'=' | b'(' | b'[' | b'{' => was_outside,
        b')' | b']' | b'}' => !was_outside && depth.is_outside(),
        _ => false,
    }
}
