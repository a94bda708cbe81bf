//! The chunked coding of a body (RFC 9112 §7.1), as far as its end.

/// Longest line around chunks, a size with its extensions, in bytes.
const LONGEST_LINE: usize = 4 * 1024;

/// Limit of all trailer fields, in bytes.
const LONGEST_TRAILER: usize = 16 * 1024;

/// Parser of the framing of chunks. Data is skipped; only what actix accepts as well is no error.
#[derive(Debug)]
pub(super) struct Chunks {
    place: ChunkPlace,
    /// Bytes of the line, or of all trailer fields, so far.
    length: usize,
}

/// Place within a body, before the next byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ChunkPlace {
    /// The size, with its value so far.
    Size(Option<u64>),
    /// Spaces after the size.
    AfterSize(u64),
    Extension(u64),
    /// The LF of the line with this size.
    SizeEnd(u64),
    Data(u64),
    DataCr,
    DataLf,
    /// The first byte of a trailer field, or of the end.
    TrailerStart,
    Trailer,
    TrailerLf,
    EndLf,
    End,
}

/// An error in the framing of chunks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InvalidChunk;

impl Default for Chunks {
    fn default() -> Self {
        Self { place: ChunkPlace::Size(None), length: 0 }
    }
}

impl Chunks {
    pub(super) fn is_over(&self) -> bool {
        self.place == ChunkPlace::End
    }

    /// Number of `bytes` that belong to the body.
    pub(super) fn follow(&mut self, bytes: &[u8]) -> Result<usize, InvalidChunk> {
        let mut position = 0;
        while position < bytes.len() && !self.is_over() {
            if let ChunkPlace::Data(left) = self.place {
                let here = (bytes.len() - position).min(usize::try_from(left).unwrap_or(usize::MAX));
                position += here;
                let left = left - here as u64;
                self.place = if left == 0 { ChunkPlace::DataCr } else { ChunkPlace::Data(left) };
            } else {
                self.place = self.step(bytes[position])?;
                position += 1;
            }
        }
        Ok(position)
    }

    fn step(&mut self, byte: u8) -> Result<ChunkPlace, InvalidChunk> {
        let next = self.place.after(byte).ok_or(InvalidChunk)?;
        let limit = match next {
            ChunkPlace::Size(_) | ChunkPlace::AfterSize(_) | ChunkPlace::Extension(_) => LONGEST_LINE,
            ChunkPlace::TrailerStart | ChunkPlace::Trailer | ChunkPlace::TrailerLf => LONGEST_TRAILER,
            _ => {
                self.length = 0;
                return Ok(next);
            }
        };
        self.length += 1;
        if self.length > limit { Err(InvalidChunk) } else { Ok(next) }
    }
}

impl ChunkPlace {
    /// The place after `byte`; none where the grammar has no such byte.
    fn after(self, byte: u8) -> Option<Self> {
        Some(match (self, byte) {
            (Self::Size(size), digit) if digit.is_ascii_hexdigit() => {
                let digit = char::from(digit).to_digit(16)?;
                Self::Size(Some(size.unwrap_or(0).checked_mul(16)?.checked_add(digit.into())?))
            }
            (Self::Size(Some(size)) | Self::AfterSize(size), b' ' | b'\t') => Self::AfterSize(size),
            (Self::Size(Some(size)) | Self::AfterSize(size) | Self::Extension(size), b'\r') => {
                Self::SizeEnd(size)
            }
            (Self::Size(Some(size)) | Self::AfterSize(size), b';')
            | (Self::Extension(size), b'\t' | b' '..=b'~' | 0x80..) => Self::Extension(size),
            (Self::SizeEnd(0) | Self::TrailerLf, b'\n') => Self::TrailerStart,
            (Self::SizeEnd(size), b'\n') => Self::Data(size),
            (Self::DataCr, b'\r') => Self::DataLf,
            (Self::DataLf, b'\n') => Self::Size(None),
            (Self::TrailerStart, b'\r') => Self::EndLf,
            (Self::Trailer, b'\r') => Self::TrailerLf,
            (Self::TrailerStart | Self::Trailer, b'\t' | b' '..=b'~' | 0x80..) => Self::Trailer,
            (Self::EndLf, b'\n') => Self::End,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Length of the body, whether it is over, or the error; the same however the bytes are cut.
    fn follow(bytes: &[u8]) -> Result<(usize, bool), InvalidChunk> {
        let whole = |cut: usize| {
            let mut chunks = Chunks::default();
            let (first, second) = bytes.split_at(cut);
            let length = chunks.follow(first)? + chunks.follow(second)?;
            Ok((length, chunks.is_over()))
        };
        let outcome = whole(0);
        for cut in 1..=bytes.len() {
            assert_eq!(whole(cut), outcome, "cut at {cut}");
        }
        outcome
    }

    #[test]
    fn a_body_ends_after_its_last_chunk_and_its_trailer() {
        for body in
            ["0\r\n\r\n", "1\r\na\r\n0\r\n\r\n", "A ;x=y\r\n0123456789\r\n0;z\r\nX-A: b\r\nX-B:\r\n\r\n"]
        {
            let followed = [body, "GET /"].concat();
            assert_eq!(follow(followed.as_bytes()), Ok((body.len(), true)), "{body:?}");
            let cut = &body.as_bytes()[..body.len() - 1];
            assert_eq!(follow(cut), Ok((cut.len(), false)), "{body:?} without its end");
        }
    }

    #[test]
    fn framing_that_has_a_second_reading_is_an_error() {
        for body in [
            "\r\n", ";\r\n", "g\r\n", "1\n", "1\r\r\n", "1\r\nab", "1\r\na\n", "0\r\n\n", "1 1\r\n",
            "1;\0\r\n", "0\r\na\n", "+1\r\n",
        ] {
            assert_eq!(follow(body.as_bytes()), Err(InvalidChunk), "{body:?}");
        }
        assert_eq!(follow(b"10000000000000000\r\n"), Err(InvalidChunk));
        assert_eq!(follow(b"ffffffffffffffff\r\n"), Ok((18, false)));
    }

    #[test]
    fn extensions_and_trailers_have_a_length_limit() {
        let extension = |length| [b"1;".as_slice(), &vec![b'a'; length]].concat();
        assert!(Chunks::default().follow(&extension(LONGEST_LINE - 2)).is_ok());
        assert_eq!(Chunks::default().follow(&extension(LONGEST_LINE)), Err(InvalidChunk));
        let trailer = "X-A: b\r\n".repeat(LONGEST_TRAILER / 8 + 1);
        assert_eq!(Chunks::default().follow(["0\r\n", &trailer].concat().as_bytes()), Err(InvalidChunk));
    }
}
