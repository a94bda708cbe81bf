//! How a fuzzer's bytes become fields of a request. Inputs are text, so that a corpus can be read.

/// More lines of one field show nothing new, and slow the fuzzer down.
const MOST_LINES: usize = 8;

/// What follows the first line, line by line.
#[must_use]
pub fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split(|byte| *byte == b'\n').skip(1).take(MOST_LINES).collect()
}

/// The numbers of the first line; `-` and whatever else is none stands for one that is not there.
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
