//! The socket of a connection, observed below `h2`, which reports neither write pressure, nor incomplete heads, nor data
//! that nobody reads.
//!
//! A socket that is closed while its client goes on sending (HTTP/2 acknowledges data) is reset, and responses under
//! way are lost. So a shutdown closes the write side only, and then reads until the client has closed as well.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{
    discard_allowance::DiscardAllowance,
    frames::{Followed, Frames},
    head_timeout::PendingHead,
    write_pressure::WritePressure,
};

/// A socket that keeps the state of its connection up to date.
pub(super) struct TrackedIo<Io> {
    io: Io,
    pressure: WritePressure,
    pending_head: PendingHead,
    allowance: DiscardAllowance,
    frames: Frames,
}

impl<Io> TrackedIo<Io> {
    pub(super) fn new(
        io: Io,
        pressure: &WritePressure,
        pending_head: &PendingHead,
        allowance: &DiscardAllowance,
    ) -> Self {
        let (pressure, pending_head) = (pressure.clone(), pending_head.clone());
        Self { io, pressure, pending_head, allowance: allowance.clone(), frames: Frames::default() }
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for TrackedIo<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(context, buffer))?;
        let (_, bytes) = buffer.filled().split_at(before);
        let Followed { pending_head, data } = self.frames.follow(bytes);
        self.pending_head.set(pending_head);
        Poll::Ready(self.allowance.take(data))
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> AsyncWrite for TrackedIo<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(context, bytes);
        if written.is_pending() {
            self.pressure.set_blocked(true);
        }
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write_vectored(context, slices);
        if written.is_pending() {
            self.pressure.set_blocked(true);
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    /// Called after every write; ready only when everything is written.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.io).poll_flush(context);
        self.pressure.set_blocked(flushed.is_pending());
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_shutdown(context))?;
        let mut bytes = [0; 1024];
        loop {
            let mut discarded = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut self.io).poll_read(context, &mut discarded))?;
            if discarded.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            self.pressure.record_input();
            self.allowance.take(discarded.filled().len())?;
        }
    }
}
