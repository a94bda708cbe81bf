//! Ruby: `%w[flex p-4]`, without comments, and with templates in other languages.

use super::{
    super::grammar::byte,
    brackets::{closing_quote, line_end},
    heredoc::Heredoc,
    words::{self, Within},
};

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    let mut output = text.to_vec();
    let mut at = 0;
    while at < text.len() {
        at = match text[at] {
            b'"' | b'\'' => closing_quote(text, at) + 1,
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
