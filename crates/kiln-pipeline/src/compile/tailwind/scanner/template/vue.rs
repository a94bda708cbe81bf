//! Vue: the content of `<template lang="pug">` is prepared by its language.

const OPEN: &[u8] = b"<template lang=";
const CLOSE: &[u8] = b"</template>";

pub(super) fn prepared(text: &[u8]) -> Vec<u8> {
    let mut output = text.to_vec();
    // Templates may be nested, so the last closing tag counts.
    let end = text.windows(CLOSE.len()).rposition(|window| window == CLOSE).unwrap_or(0);
    let first = (0..end).find_map(|at| Some((at, opened(&text[at..end])?)));
    if let Some((at, (language, length))) = first {
        let start = at + length;
        output[start..end].copy_from_slice(&super::prepared(&text[start..end], language));
    }
    output
}

/// The language of a template at the beginning of `text`, and the length of its tag.
fn opened(text: &[u8]) -> Option<(&str, usize)> {
    let quoted = text.strip_prefix(OPEN)?;
    let is_quote = |letter: &u8| matches!(letter, b'"' | b'\'');
    let rest = quoted.first().filter(|letter| is_quote(letter)).map(|_| &quoted[1..])?;
    let length = rest.iter().position(is_quote)?;
    let is_tag = rest.get(length + 1) == Some(&b'>');
    let language = std::str::from_utf8(&rest[..length]).ok()?;
    is_tag.then_some((language, OPEN.len() + length + 3))
}
