//! From a sample to the numbers that the network reads.

use super::{model_metadata::Sizes, sampler::Sample};

/// Input of the network, as far as a sample has enough bytes for it.
#[derive(Debug, PartialEq)]
pub enum ModelInput<'a> {
    /// The file is empty.
    Nothing,
    /// Too few bytes for the network: they are text, or not.
    Few(&'a [u8]),
    /// Enough for a prediction.
    Enough(Features),
}

/// The network's input: a byte in each place, or the padding token where the file has none.
#[derive(Debug, PartialEq)]
pub struct Features(pub(super) Vec<i32>);

impl<'a> ModelInput<'a> {
    /// Reads `sample` as the network was trained to: both ends, without the white space around the file.
    #[must_use]
    pub fn of(sample: &'a Sample, sizes: &Sizes) -> Self {
        let beginning = trim_start(&sample.head);
        if sample.size == 0 {
            Self::Nothing
        } else if beginning.len() < sizes.least {
            Self::Few(&sample.head)
        } else {
            Self::Enough(Features::new(beginning, trim_end(&sample.tail), sizes))
        }
    }
}

impl Features {
    /// Input of a file without a byte, for a trial.
    pub(super) fn padding(sizes: &Sizes) -> Self {
        Self::new(&[], &[], sizes)
    }

    fn new(beginning: &[u8], end: &[u8], sizes: &Sizes) -> Self {
        let beginning = &beginning[..beginning.len().min(sizes.beginning)];
        let end = &end[end.len().saturating_sub(sizes.end)..];
        let padding = std::iter::repeat(sizes.padding);
        let mut places = Vec::with_capacity(sizes.beginning + sizes.end);
        places.extend(beginning.iter().copied().map(i32::from));
        places.extend(padding.take(sizes.beginning - beginning.len() + sizes.end - end.len()));
        places.extend(end.iter().copied().map(i32::from));
        Self(places)
    }
}

/// White space as the reference implementation strips it, that of Python's `bytes.strip`: unlike
/// [`u8::is_ascii_whitespace`] it holds the vertical tab.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0b' | b'\x0c')
}

fn trim_start(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| !is_space(*byte)).unwrap_or(bytes.len());
    &bytes[start..]
}

fn trim_end(bytes: &[u8]) -> &[u8] {
    let end = bytes.iter().rposition(|byte| !is_space(*byte)).map_or(0, |last| last + 1);
    &bytes[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identify::sampler::Sampler;

    const SIZES: Sizes = Sizes { block: 8, beginning: 4, end: 3, least: 2, padding: 256 };

    fn sample(content: &[u8]) -> Sample {
        let mut sampler = Sampler::new(SIZES.block);
        sampler.feed(content);
        sampler.finish()
    }

    #[test]
    fn positions_without_a_byte_hold_the_padding() {
        let cases = [
            (&b" \x0bab\n "[..], vec![97, 98, 10, 32, 11, 97, 98]),
            (b"ab", vec![97, 98, 256, 256, 256, 97, 98]),
            (b"abcdefghij", vec![97, 98, 99, 100, 104, 105, 106]),
        ];
        for (content, places) in cases {
            let sample = sample(content);
            assert_eq!(ModelInput::of(&sample, &SIZES), ModelInput::Enough(Features(places)), "{content:?}");
        }
    }

    #[test]
    fn white_space_alone_is_no_input() {
        assert_eq!(ModelInput::of(&sample(b""), &SIZES), ModelInput::Nothing);
        assert_eq!(ModelInput::of(&sample(b"a"), &SIZES), ModelInput::Few(b"a"));
        let padded = sample(b"       a b c d e f");
        assert_eq!(ModelInput::of(&padded, &SIZES), ModelInput::Few(b"       a"));
    }
}
