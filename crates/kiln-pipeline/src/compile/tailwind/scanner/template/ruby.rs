//! Ruby: `%w[flex p-4]`, without comments, and with templates in other languages.

use super::{
    super::grammar::byte,
    heredoc::Heredoc,
    words::{self, Within},
};

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    let mut output = text.to_vec();
    let mut at = 0;
    while at < text.len() {
        at = match text[at] {
            b'"' | b'\'' => string(text, at),
            b'#' if !is_part(text, at) => {
                let end = line_end(text, at);
                output[at..end].fill(b' ');
                end
            }
            _ => words::unwrapped(text, at, Within::Ruby, &mut output).unwrap_or(at + 1),
        };
    }
    let mut from = 0;
    while let Some(Heredoc { language, start, end }) = Heredoc::next(text, from) {
        let body = super::prepared(&output[start..end], language).into_owned();
        output[start..end].copy_from_slice(&body);
        from = end;
    }
    output
}

/// Whether a number sign does not begin a comment: `<%# … %>` and `#{…}`.
fn is_part(text: &[u8], at: usize) -> bool {
    byte(text, at.wrapping_sub(1)) == b'%' || byte(text, at + 1) == b'{'
}

/// The end of a string, which may span lines.
fn string(text: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < text.len() && text[at] != text[open] {
        at += if text[at] == b'\\' { 2 } else { 1 };
    }
    at + 1
}

fn line_end(text: &[u8], at: usize) -> usize {
    at + text[at..].iter().position(|letter| *letter == b'\n').unwrap_or(text.len() - at)
}
