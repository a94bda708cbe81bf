//! Razor, in which an at sign is escaped by a second one: `@@md:flex`.

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    let mut output = text.to_vec();
    let mut at = 0;
    while at + 1 < text.len() {
        let is_twice = text[at..].starts_with(b"@@");
        if is_twice {
            output[at] = b' ';
        }
        at += if is_twice { 2 } else { 1 };
    }
    output
}
