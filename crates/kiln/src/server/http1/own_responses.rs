//! Responses that are not of actix, between those that are.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use actix_web::web::{Buf, Bytes};
use tokio::io::AsyncWrite;

/// Bytes to be written ahead of those of actix.
#[derive(Debug, Default)]
pub(super) struct OwnResponses {
    bytes: Bytes,
    /// A part of a response of actix is left to be written.
    is_blocked: bool,
}

impl OwnResponses {
    pub(super) fn set_blocked(&mut self, is_blocked: bool) {
        self.is_blocked = is_blocked;
    }

    pub(super) fn send(&mut self, bytes: Bytes) {
        self.bytes = bytes;
    }

    /// Sends the last response of the connection, unless it would stand within another: a client that takes nothing is
    /// left to the write time-out.
    pub(super) fn send_last(&mut self, bytes: Bytes) {
        if !self.is_blocked {
            self.bytes = bytes;
        }
    }

    pub(super) fn poll_send(
        &mut self,
        io: &mut (impl AsyncWrite + Unpin),
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while !self.bytes.is_empty() {
            let written = ready!(Pin::new(&mut *io).poll_write(context, &self.bytes))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.bytes.advance(written);
        }
        Poll::Ready(Ok(()))
    }
}
