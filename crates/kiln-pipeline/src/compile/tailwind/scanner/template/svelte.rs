//! Svelte, and directives of Leptos: `class:flex`.

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    const DIRECTIVE: &[u8] = b"class:";
    let mut output = text.to_vec();
    for at in 1..text.len() {
        if matches!(text[at - 1], b' ' | b'\t' | b'\n') && text[at..].starts_with(DIRECTIVE) {
            output[at - 1] = b' ';
            output[at + DIRECTIVE.len() - 1] = b' ';
        }
    }
    output
}
