//! What stands before actix on a connection without TLS: plain requests for assets are answered here, from bytes that
//! are there already. The first request that is anything else takes the connection to actix, for good.
//!
//! actix parses a request into a map, finds a route for it, fills another map with the fields of the answer, and sets
//! three timers; for a small file that is most of what the server does. Here a request that waits in the socket costs
//! one read, one look-up and one write, and a connection that waits holds no buffer.

mod begun;
mod date;
mod request;

// For the fuzz target and tests.
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;

use std::{
    cell::RefCell,
    future::poll_fn,
    io::{self, ErrorKind, IoSlice},
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::SystemTime,
};

use actix_server::GracefulShutdownSignal;
use actix_web::web::{Buf, Bytes};
use tokio::{
    io::{AsyncRead as _, AsyncReadExt as _, AsyncWriteExt as _, ReadBuf},
    net::TcpStream,
    time::{Instant, sleep_until, timeout},
};

pub(super) use self::begun::Begun;
use self::date::Date;
use super::{
    ServerOptions,
    activity::{RequestGuard, WorkerActivity},
};
use crate::{
    assets::{Assets, Direct},
    observe::{self, Counted},
    phase::{Phase, Phases},
};

/// How much of a request is looked at, in bytes: more than browsers send.
const LOOK: usize = 8 * 1024;

/// The front of one worker.
pub(super) struct Front {
    pub(super) assets: Assets,
    pub(super) requests: WorkerActivity,
    pub(super) phases: Phases,
    pub(super) options: ServerOptions,
    pub(super) stop: GracefulShutdownSignal,
    pub(super) desk: RefCell<Desk>,
}

/// Where a request lies while it is answered. Nobody waits meanwhile, so that one is enough for all connections.
pub(super) struct Desk {
    received: Box<[u8; LOOK]>,
    head: Vec<u8>,
    date: Date,
}

impl Default for Desk {
    fn default() -> Self {
        Self { received: Box::new([0; LOOK]), head: Vec::new(), date: Date::default() }
    }
}

/// What a client has sent.
enum Taken {
    /// Nothing more: it has closed.
    End,
    /// This, which is for actix.
    Other(Bytes),
    /// A plain request, of whose answer this is not sent yet.
    Plain(Unsent),
}

/// The rest of an answer.
struct Unsent {
    head: Bytes,
    body: Bytes,
    is_last: bool,
    counted: Counted,
    _in_flight: RequestGuard,
}

impl Front {
    /// Answers plain requests until there is another, which is where actix goes on. None when the connection is to end.
    pub(super) async fn serve(&self, mut stream: TcpStream) -> io::Result<Option<Begun>> {
        let mut stop = pin!(self.stop.notified());
        let mut until = Instant::now() + self.options.request_head_timeout;
        let mut patience = pin!(sleep_until(until));
        loop {
            tokio::select! {
                biased;
                taken = poll_fn(|context| self.poll_take(&mut stream, context)) => match taken? {
                    Taken::End => return Ok(None),
                    Taken::Other(read) => return Ok(Some(Begun::new(read, stream))),
                    Taken::Plain(unsent) => {
                        let is_last = unsent.is_last;
                        unsent.send(&stream).await?;
                        if is_last {
                            tokio::select! {
                                parted = self.part(&mut stream) => parted?,
                                () = &mut stop => {}
                            }
                            return Ok(None);
                        }
                        until = Instant::now() + self.options.keep_alive;
                        if until < patience.deadline() {
                            patience.as_mut().reset(until);
                        }
                    }
                },
                () = &mut stop => return Ok(None),
                () = &mut patience => {
                    if Instant::now() >= until {
                        return Ok(None);
                    }
                    patience.as_mut().reset(until);
                }
            }
        }
    }

    /// Takes what has come, and answers at once if it is a plain request. The desk is used by nobody else meanwhile.
    fn poll_take(&self, stream: &mut TcpStream, context: &mut Context<'_>) -> Poll<io::Result<Taken>> {
        let Desk { received, head, date } = &mut *self.desk.borrow_mut();
        let mut received = ReadBuf::new(&mut received[..]);
        ready!(Pin::new(&mut *stream).poll_read(context, &mut received))?;
        Poll::Ready(match received.filled() {
            [] => Ok(Taken::End),
            received => self.answer(stream, received, head, date),
        })
    }

    fn answer(
        &self,
        stream: &TcpStream,
        received: &[u8],
        head: &mut Vec<u8>,
        date: &mut Date,
    ) -> io::Result<Taken> {
        let request = request::plain(received, self.options.max_head).filter(|_| !observe::are_told());
        let Some(answer) = request.and_then(|request| self.assets.direct(&request)) else {
            return Ok(Taken::Other(Bytes::copy_from_slice(received)));
        };
        let in_flight = self.requests.request();
        let is_last = self.phases.current() >= Phase::Draining;
        write_head(head, &answer, date, is_last);
        let mut counted = Counted::begin(answer.status(), answer.coding());
        let body = answer.body();
        let sent = written(stream.try_write_vectored(&[IoSlice::new(head), IoSlice::new(&body)]))?;
        let (head_sent, body_sent) = (sent.min(head.len()), sent.saturating_sub(head.len()));
        counted.sent(body_sent);
        let head = Bytes::copy_from_slice(&head[head_sent..]);
        Ok(Taken::Plain(Unsent {
            head,
            body: body.slice(body_sent..),
            is_last,
            counted,
            _in_flight: in_flight,
        }))
    }

    /// Closes, and lets the client read to the end: what it has sent meanwhile would otherwise have the kernel reset
    /// the connection (RFC 9112 §9.6).
    async fn part(&self, stream: &mut TcpStream) -> io::Result<()> {
        stream.shutdown().await?;
        let mut scrap = [0; 512];
        let silence = async {
            while stream.read(&mut scrap).await? > 0 {}
            Ok(())
        };
        timeout(self.options.disconnect_timeout, silence).await.unwrap_or(Ok(()))
    }
}

fn write_head(head: &mut Vec<u8>, answer: &Direct<'_>, date: &mut Date, is_last: bool) {
    head.clear();
    answer.write_head(head);
    head.extend_from_slice(date.line(SystemTime::now()));
    if is_last {
        head.extend_from_slice(b"connection: close\r\n");
    }
    head.extend_from_slice(b"\r\n");
}

impl Unsent {
    async fn send(mut self, stream: &TcpStream) -> io::Result<()> {
        while self.head.has_remaining() || self.body.has_remaining() {
            poll_fn(|context| stream.poll_write_ready(context)).await?;
            let parts = [IoSlice::new(&self.head), IoSlice::new(&self.body)];
            let sent = written(stream.try_write_vectored(&parts))?;
            let head_sent = sent.min(self.head.len());
            self.head.advance(head_sent);
            self.body.advance(sent - head_sent);
            self.counted.sent(sent - head_sent);
        }
        Ok(())
    }
}

/// How much went out: nothing, where there is no room.
fn written(outcome: io::Result<usize>) -> io::Result<usize> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
        outcome => outcome,
    }
}
