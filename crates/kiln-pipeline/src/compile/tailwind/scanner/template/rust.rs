//! Rust: templates of Maud, `html! { p.flex.p-4 { "text" } }`, in files with that macro, and directives of Leptos.

use super::{super::grammar::byte, brackets::closing_quote, decimal::is_decimal_point, svelte};

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    let directives = svelte::prepared(text);
    if text.windows(5).any(|window| window == b"html!") { maud(&directives) } else { directives }
}

fn maud(text: &[u8]) -> Vec<u8> {
    let mut output = text.to_vec();
    let (mut at, mut depth) = (0, 0_usize);
    while at < text.len() {
        match text[at] {
            b'\\' => at += 1,
            b'"' => {
                output[at] = b' ';
                at = closing_quote(text, at);
                if at < text.len() {
                    output[at] = b' ';
                }
            }
            b'[' => {
                // A condition, `p.flex[is_on]`, unlike the value in `w-[1rem]`.
                if byte(text, at.wrapping_sub(1)) != b'-' {
                    output[at] = b' ';
                }
                depth += 1;
            }
            b']' => depth = depth.saturating_sub(1),
            b'.' if depth == 0 && !is_decimal_point(text, at) => output[at] = b' ',
            _ => {}
        }
        at += 1;
    }
    output
}
