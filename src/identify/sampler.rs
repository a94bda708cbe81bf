//! First and last bytes, length and hash of an upload that streams past.

use std::fmt;

use sha2::{Digest, Sha256};

/// The state of a file that comes in chunks: no more than two blocks of it are held.
#[derive(Debug)]
pub struct Sampler {
    block: usize,
    head: Vec<u8>,
    tail: Vec<u8>,
    size: u64,
    hash: Sha256,
}

/// The parts of a file that its verdict can depend on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The first block, or the whole file when it is shorter.
    pub head: Vec<u8>,
    /// The last block, or the whole file when it is shorter.
    pub tail: Vec<u8>,
    /// Length of the file in bytes.
    pub size: u64,
    /// The hash of the whole file.
    pub hash: ContentHash,
}

/// The SHA-256 of a file; shown as lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ContentHash([u8; 32]);

impl Sampler {
    /// A sampler whose blocks are `block` bytes long.
    #[must_use]
    pub fn new(block: usize) -> Self {
        Self { block, head: Vec::new(), tail: Vec::new(), size: 0, hash: Sha256::new() }
    }

    /// Takes the next bytes of the file.
    pub fn feed(&mut self, chunk: &[u8]) {
        self.hash.update(chunk);
        self.size += chunk.len() as u64;
        let room = self.block - self.head.len();
        self.head.extend_from_slice(&chunk[..room.min(chunk.len())]);
        let recent = &chunk[chunk.len().saturating_sub(self.block)..];
        let surplus = (self.tail.len() + recent.len()).saturating_sub(self.block);
        self.tail.drain(..surplus);
        self.tail.extend_from_slice(recent);
    }

    /// Bytes that have been taken.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Ends the file.
    #[must_use]
    pub fn finish(self) -> Sample {
        Sample {
            head: self.head,
            tail: self.tail,
            size: self.size,
            hash: ContentHash(self.hash.finalize().into()),
        }
    }
}

impl fmt::Display for ContentHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(chunks: &[&[u8]]) -> Sample {
        let mut sampler = Sampler::new(4);
        for chunk in chunks {
            sampler.feed(chunk);
        }
        sampler.finish()
    }

    #[test]
    fn head_and_tail_are_sampled_whatever_the_chunks() {
        let whole = sample(&[b"abcdefghij"]);
        assert_eq!((whole.head.as_slice(), whole.tail.as_slice()), (&b"abcd"[..], &b"ghij"[..]));
        assert_eq!(whole.size, 10);
        for width in 1..10 {
            let chunks: Vec<&[u8]> = b"abcdefghij".chunks(width).collect();
            assert_eq!(sample(&chunks), whole, "in chunks of {width}");
        }
    }

    #[test]
    fn a_short_file_is_its_own_head_and_tail() {
        let short = sample(&[b"ab", b"", b"c"]);
        assert_eq!((short.head.as_slice(), short.tail.as_slice()), (&b"abc"[..], &b"abc"[..]));
        assert_eq!(
            short.hash.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", // FIPS 180-4
        );
    }
}
