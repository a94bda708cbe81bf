//! Fields of a request, from the bytes of a fuzzer. Inputs are text, so that people can read a corpus.

/// Limit of lines of one field: more find nothing new, and slow the fuzzer down.
const MOST_LINES: usize = 8;

/// The lines behind the first one.
#[must_use]
pub fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split(|byte| *byte == b'\n').skip(1).take(MOST_LINES).collect()
}

/// The numbers of the first line; `-` and any other text stands for a missing one.
#[must_use]
pub fn numbers<const N: usize>(text: &[u8]) -> [Option<u16>; N] {
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let mut words = line.split(|byte| *byte == b' ');
    std::array::from_fn(|_| std::str::from_utf8(words.next()?).ok()?.parse().ok())
}

/// The values of the fields with this name, in a text of `Name: value` lines.
#[must_use]
pub fn values<'a>(text: &'a [u8], name: &str) -> Vec<&'a [u8]> {
    let prefix = format!("{name}: ");
    text.split(|byte| *byte == b'\n')
        .filter_map(|line| line.strip_prefix(prefix.as_bytes()))
        .take(MOST_LINES)
        .collect()
}
