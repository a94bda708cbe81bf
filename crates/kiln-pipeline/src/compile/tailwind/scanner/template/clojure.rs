//! Clojure: `[:div.flex {:class ["p-4" :grid]}]`. Only strings, keywords and quoted forms are scanned.

use std::ops::Range;

use super::{
    super::grammar::byte,
    brackets::{closing_quote, line_end},
    decimal::is_between_digits,
};

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    const ATTRIBUTE: &[u8] = b":class";
    let mut output: Vec<u8> = vec![b' '; text.len()];
    let mut keep = |range: Range<usize>| output[range.clone()].copy_from_slice(&text[range]);
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'"' => {
                let end = string(text, at);
                keep(at..end);
                at = end;
            }
            b':' if text[at..].starts_with(ATTRIBUTE) => at += ATTRIBUTE.len(),
            b':' => {
                let end = symbol(text, at + 1);
                (at + 1..end).filter(|at| !is_separator(text, *at)).for_each(|at| keep(at..at + 1));
                at = end + 1;
            }
            b'\'' => {
                let is_list = b"([".contains(&byte(text, at + 1));
                let start = at + 1 + usize::from(is_list);
                let end = if is_list { list(text, start) } else { symbol(text, start) };
                keep(start..end);
                at = end + 1;
            }
            b';' if byte(text, at + 1) == b';' => at = line_end(text, at),
            _ => at += 1,
        }
    }
    output
}

/// Whether a dot in a keyword separates two classes: `:p.flex.p-2.5`.
fn is_separator(text: &[u8], at: usize) -> bool {
    text[at] == b'.' && !is_between_digits(text, at)
}

/// The end of a string, after its quote.
fn string(text: &[u8], open: usize) -> usize {
    text.len().min(closing_quote(text, open) + 1)
}

/// The end of a list whose first item is at `start`. The end of a nested list counts as that of the outer one.
fn list(text: &[u8], start: usize) -> usize {
    let close = if text[start - 1] == b'(' { b')' } else { b']' };
    let mut at = start;
    while at < text.len() && text[at] != close {
        at = if text[at] == b'"' { string(text, at) } else { at + 1 };
    }
    at
}

fn symbol(text: &[u8], start: usize) -> usize {
    let is_inside = |letter: &&u8| letter.is_ascii_alphanumeric() || b"!#%*+-/:_.".contains(letter);
    start + text[start..].iter().take_while(is_inside).count()
}
