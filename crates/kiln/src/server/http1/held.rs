//! Bytes that were read and not handed on.

use actix_web::{
    http::StatusCode,
    web::{Buf, BytesMut},
};
use tokio::io::ReadBuf;

use crate::server::head_limits::MAX_HEAD;

/// Bytes of the present request, and of later ones.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) bytes: BytesMut,
    /// Number of them that belong to the present request, of which actix may have them.
    pub(super) ready: usize,
}

impl Held {
    /// Puts bytes of the present request into `buffer`, if there are any.
    pub(super) fn give(&mut self, buffer: &mut ReadBuf<'_>) -> bool {
        let length = self.ready.min(buffer.remaining());
        if length == 0 {
            return false;
        }
        buffer.put_slice(&self.bytes[..length]);
        self.bytes.advance(length);
        self.ready -= length;
        if self.bytes.is_empty() {
            // Frees the buffer.
            self.bytes = BytesMut::new();
        }
        true
    }

    /// Skips empty lines before a head, which mean nothing (RFC 9112 §2.2), and returns their length.
    pub(super) fn skip_empty_lines(&mut self) -> usize {
        let empty = self.bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        self.bytes.advance(empty);
        empty
    }

    /// Whether a head may end in these bytes, which it did not before those from `new` on. A head of which each byte comes
    /// alone is so not parsed for each.
    pub(super) fn may_end_head(&self, new: usize) -> bool {
        let recent = &self.bytes[new.saturating_sub(3)..];
        recent.windows(2).any(|pair| pair == b"\n\n") || recent.windows(3).any(|three| three == b"\n\r\n")
    }

    /// The error of a head that is longer than any may be, where these bytes are the beginning of one.
    pub(super) fn check_length(&self) -> Result<(), StatusCode> {
        let is_too_long = self.bytes.len() >= MAX_HEAD;
        if is_too_long { Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE) } else { Ok(()) }
    }
}
