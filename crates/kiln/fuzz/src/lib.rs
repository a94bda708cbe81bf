//! Parts of inputs that the targets share. Inputs are text, so that people can read a corpus.

pub mod request;
pub mod response;
pub mod server;

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

/// The rest behind the first line.
#[must_use]
pub fn behind_first_line(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| *byte == b'\n').map_or(text.len(), |end| end + 1);
    &text[end..]
}

/// `bytes` in parts, cut at these positions.
#[must_use]
pub fn cut<const N: usize>(bytes: &[u8], cuts: [Option<u16>; N]) -> Vec<&[u8]> {
    let mut cuts: Vec<usize> =
        cuts.into_iter().flatten().map(|cut| usize::from(cut).min(bytes.len())).collect();
    cuts.sort_unstable();
    let (mut parts, mut start) = (Vec::new(), 0);
    for cut in cuts.into_iter().chain([bytes.len()]) {
        if cut > start {
            parts.push(&bytes[start..cut]);
        }
        start = cut;
    }
    parts
}
