//! The end of a connection whose client still sends: its input is discarded for a while, so that it can read the
//! response (RFC 9112 §9.6).

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, ReadBuf},
    time::Instant,
};

use super::timer::Timer;

/// Limit of what is discarded, in bytes.
const DISCARDED: usize = 16 * 1024 * 1024;

#[derive(Debug)]
pub(super) struct Linger {
    end: Instant,
    left: usize,
}

impl Linger {
    pub(super) fn new(limit: Duration) -> Self {
        Self { end: Instant::now() + limit, left: DISCARDED }
    }

    /// Ready when the client has closed, or has had its time or its bytes.
    pub(super) fn poll(
        &mut self,
        io: &mut (impl AsyncRead + Unpin),
        timer: &mut Timer,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        let mut bytes = [0; 4096];
        while self.left > 0 {
            let mut discarded = ReadBuf::new(&mut bytes);
            match Pin::new(&mut *io).poll_read(context, &mut discarded) {
                Poll::Ready(Ok(())) if !discarded.filled().is_empty() => {
                    self.left = self.left.saturating_sub(discarded.filled().len());
                }
                // The response is written; how the client goes does not matter.
                Poll::Ready(_) => return Poll::Ready(Ok(())),
                Poll::Pending if timer.poll_passed(self.end, context) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(Ok(()))
    }
}
