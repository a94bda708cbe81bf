//! What goes on below `h2`, which it does not tell: whether something waits to be taken by the client, whether the
//! client is still there, and for how long the head of a request has been on its way.
//!
//! A socket that is closed while its client goes on talking (HTTP/2 confirms what it takes) is reset, and what was
//! under way to the client is lost. So an end is only told here, and then the client listened to until it has closed as
//! well.

use std::{
    cell::Cell,
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

use super::heads::Heads;

/// What goes on; clones speak of the same connection.
#[derive(Clone, Debug, Default)]
pub(super) struct Backlog(Rc<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// Something waits to be taken.
    waiting: Cell<bool>,
    /// The client has spoken after the end.
    heard: Cell<bool>,
    /// Since when a head has been on its way.
    head: Cell<Option<Instant>>,
}

/// A connection that knows of its backlog.
pub(super) struct Tracked<Io> {
    io: Io,
    backlog: Backlog,
    heads: Heads,
}

impl Backlog {
    /// Whether something waits to be taken, or the client has shown since the last look that it takes something.
    pub(super) fn moves(&self) -> bool {
        self.0.heard.take() || self.0.waiting.get()
    }

    /// Whether the socket takes no more for now.
    pub(super) fn is_full(&self) -> bool {
        self.0.waiting.get()
    }

    /// Since when the head of a request has been on its way, if one is.
    pub(super) fn head_since(&self) -> Option<Instant> {
        self.0.head.get()
    }
}

impl<Io> Tracked<Io> {
    pub(super) fn new(io: Io, backlog: &Backlog) -> Self {
        Self { io, backlog: backlog.clone(), heads: Heads::default() }
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Tracked<Io> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        ready!(Pin::new(&mut self.io).poll_read(context, buffer))?;
        let (_, bytes) = buffer.filled().split_at(before);
        let head = self.heads.follow(bytes);
        self.backlog.0.head.set(head);
        Poll::Ready(Ok(()))
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Tracked<Io> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.io).poll_write(context, bytes);
        if written.is_pending() {
            self.backlog.0.waiting.set(true);
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
            self.backlog.0.waiting.set(true);
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    /// Comes after every write, and only ends when all has gone.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.io).poll_flush(context);
        self.backlog.0.waiting.set(flushed.is_pending());
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.io).poll_shutdown(context))?;
        let mut bytes = [0; 1024];
        loop {
            let mut unheard = ReadBuf::new(&mut bytes);
            ready!(Pin::new(&mut self.io).poll_read(context, &mut unheard))?;
            if unheard.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            self.backlog.0.heard.set(true);
        }
    }
}
