//! Slim: `p.flex[class="p-4"]`.

use super::{
    super::grammar::byte,
    brackets::Depth,
    decimal::is_decimal_point,
    words::{self, Within},
};

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    let mut output = text.to_vec();
    let mut depth = Depth::default();
    let mut at = 0;
    while at < text.len() {
        let before = byte(text, at.wrapping_sub(1));
        let is_blank = depth.is_outside()
            && match text[at] {
                b'.' => !is_decimal_point(text, at),
                b'(' => !matches!(before, b'-' | b'/'),
                b'[' => before.is_ascii_alphanumeric(),
                _ => false,
            };
        if is_blank {
            output[at] = b' ';
        }
        let list = words::unwrapped(text, at, Within::Template, &mut output);
        if list.is_none() {
            depth.meet(text[at]);
        }
        at = list.unwrap_or(at + 1);
    }
    output
}
