//! brotli (RFC 7932).

use std::io;

use ::brotli::{
    SliceWrapper,
    enc::{
        BrotliEncoderMaxCompressedSizeMulti, BrotliEncoderParams, Owned, SendAlloc, StandardAlloc,
        UnionHasher, compress_multi,
    },
};

use super::versions::Versions;

/// The largest window that every decoder of `br` has to support (RFC 7932 §9.1).
const WINDOW: i32 = 24;
/// Length in bytes from which a further thread compresses a part of the content. A part has the content before it as its
/// dictionary; the output of a script in two parts is 0.8 per cent longer.
const PART: usize = 192 * 1024;
/// Parts at most, on any number of cores: the output depends on the content alone.
const PARTS: usize = 4;

/// The compressor and its settings.
pub(super) fn tool(versions: &Versions) -> String {
    format!("brotli {} window {WINDOW} part {PART} parts {PARTS}", versions.of_crate("brotli"))
}

pub(super) fn code(content: &[u8], quality: i32) -> io::Result<Vec<u8>> {
    let parameters =
        BrotliEncoderParams { quality, lgwin: WINDOW, size_hint: content.len(), ..Default::default() };
    let parts = (content.len() / PART).clamp(1, PARTS);
    let mut threads: Vec<_> =
        (0..parts).map(|_| SendAlloc::new(StandardAlloc::default(), UnionHasher::Uninit)).collect();
    let mut output = vec![0; BrotliEncoderMaxCompressedSizeMulti(content.len(), parts)];
    let mut content = Owned::new(SharedContent(content.to_vec()));
    let length = compress_multi(&parameters, &mut content, &mut output, &mut threads)
        .map_err(|error| io::Error::other(format!("{error:?}")))?;
    output.truncate(length);
    Ok(output)
}

/// Content that threads share.
struct SharedContent(Vec<u8>);

impl SliceWrapper<u8> for SharedContent {
    fn slice(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_in_parts_is_decoded_as_a_whole() {
        let line = |number| format!("export const part{number} = {};\n", number * number);
        let content: String = (0..60_000_u64).map(line).collect();
        assert!(content.len() > PARTS * PART);
        for length in [0, 1, PART - 1, PART, 2 * PART, content.len()] {
            let coded = code(&content.as_bytes()[..length], 5).expect("coded");
            let mut decoded = Vec::new();
            ::brotli::BrotliDecompress(&mut &*coded, &mut decoded).expect("decoded");
            assert!(decoded == content.as_bytes()[..length], "{length}");
        }
    }
}
