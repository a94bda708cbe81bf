//! Elixir: `~w(flex p-4)`.

use super::brackets::Depth;

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    let mut output = text.to_vec();
    let mut at = 0;
    while at + 2 < text.len() {
        let is_sigil =
            text[at] == b'~' && b"cCsSwW".contains(&text[at + 1]) && b"([{".contains(&text[at + 2]);
        at = if is_sigil { unwrapped(text, at + 2, &mut output) } else { at + 1 };
    }
    output
}

/// Blanks the brackets of a sigil, and returns the offset after it.
fn unwrapped(text: &[u8], open: usize, output: &mut [u8]) -> usize {
    let mut depth = Depth::default();
    let mut at = open;
    while at < text.len() {
        match text[at] {
            b'\\' => at += 1,
            letter => depth.meet(letter),
        }
        if depth.is_outside() {
            output[at] = b' ';
            break;
        }
        at += 1;
    }
    output[open] = b' ';
    at + 1
}
