//! Markdown with attributes: `:span[text]{.flex.p-4}`.

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    // Only braces count at depth 0; brackets and parentheses nest inside of them.
    let mut depth = 0_usize;
    let blank = |letter: &u8| {
        let before = depth;
        match (letter, before) {
            (b'{', _) | (b'[' | b'(', 1..) => depth += 1,
            (b'}', 1..) | (b']' | b')', 2..) => depth -= 1,
            _ => {}
        }
        let is_blank = matches!((letter, before), (b'{', 0) | (b'}' | b'.', 1));
        if is_blank { b' ' } else { *letter }
    };
    text.iter().map(blank).collect()
}
