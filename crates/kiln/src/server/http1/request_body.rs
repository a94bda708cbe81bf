//! The body of a request, as far as its end.

use super::chunked::{Chunks, InvalidChunk};

/// Framing of the body of a request, with its progress (RFC 9112 §6).
#[derive(Debug)]
pub(super) enum RequestBody {
    /// Bytes that are left of a declared length.
    Length(u64),
    /// Chunks, to their end.
    Chunked(Chunks),
    /// All bytes to the end of the connection, of another protocol.
    Tunnel,
}

impl RequestBody {
    pub(super) fn is_over(&self) -> bool {
        match self {
            Self::Length(left) => *left == 0,
            Self::Chunked(chunks) => chunks.is_over(),
            Self::Tunnel => false,
        }
    }

    /// Number of `bytes` that belong to the body.
    pub(super) fn follow(&mut self, bytes: &[u8]) -> Result<usize, InvalidChunk> {
        match self {
            Self::Length(left) => {
                let here = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= here as u64;
                Ok(here)
            }
            Self::Chunked(chunks) => chunks.follow(bytes),
            Self::Tunnel => Ok(bytes.len()),
        }
    }
}
