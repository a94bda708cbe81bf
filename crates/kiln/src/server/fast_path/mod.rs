//! The fast path: plain GET requests for assets, answered ahead of actix on a connection without TLS, from bytes that
//! are there already. The first request of another kind hands the connection to actix, for good.
//!
//! actix parses a request into a map, finds a route for it, fills another map with the fields of the answer, and sets
//! three timers; for a small file that is most of the server's work. Here a request that waits in the socket costs
//! one read, one look-up and one write, and a connection that waits holds no buffer.

mod date;
mod request;
mod response;
mod rewind;

// For the fuzz target and tests.
#[cfg(any(test, feature = "fuzzing"))]
pub mod properties;

use std::{
    cell::RefCell,
    future::poll_fn,
    io,
    pin::{Pin, pin},
    task::{Context, Poll, ready},
    time::SystemTime,
};

use actix_web::web::Bytes;
use tokio::{
    io::{AsyncRead as _, AsyncReadExt as _, AsyncWriteExt as _, ReadBuf},
    net::TcpStream,
    time::{Instant, sleep_until, timeout},
};

pub(super) use self::rewind::Rewind;
use self::{date::Date, response::PendingResponse};
use super::{activity::WorkerActivity, hosts::AllowedHosts, worker::ConnectionContext};
use crate::{
    assets::{Assets, Prepared},
    observe::{self, CountedRequest},
    phase::Phase,
};

/// Longest request that the fast path reads, in bytes: more than browsers send.
const LONGEST_REQUEST: usize = 8 * 1024;

/// The fast path of one worker.
pub(super) struct FastPath {
    assets: Assets,
    requests: WorkerActivity,
    context: ConnectionContext,
    hosts: AllowedHosts,
    scratch: RefCell<Scratch>,
}

/// Buffers for the request that is being answered. Nothing is awaited meanwhile, so one set serves all connections.
struct Scratch {
    received: Box<[u8; LONGEST_REQUEST]>,
    head: Vec<u8>,
    date: Date,
}

impl Default for Scratch {
    fn default() -> Self {
        Self { received: Box::new([0; LONGEST_REQUEST]), head: Vec::new(), date: Date::default() }
    }
}

/// Input of a client.
enum Received {
    /// The end of the connection.
    End,
    /// Bytes for actix.
    Other(Bytes),
    /// A plain request, and the rest of the response to it.
    PlainGet { rest: PendingResponse, is_last: bool },
}

impl FastPath {
    /// None where the assets may change, or where a time-out of zero has a meaning of its own to actix: no limit for
    /// the head, and for the keep-alive an end after each response.
    pub(super) fn new(assets: Assets, context: &ConnectionContext) -> Option<Self> {
        let options = &context.options;
        if !assets.are_fixed() || options.request_head_timeout.is_zero() || options.keep_alive.is_zero() {
            return None;
        }
        let hosts = AllowedHosts::of(&options.hosts, context.address);
        let (requests, context) = (context.activity.worker(), context.clone());
        Some(Self { assets, requests, context, hosts, scratch: RefCell::default() })
    }

    /// Answers plain requests until another one comes, and returns the connection for actix to go on with. None when
    /// the connection is to end.
    pub(super) async fn serve(&self, mut stream: TcpStream) -> io::Result<Option<Rewind>> {
        let ConnectionContext { options, phases, stop, .. } = &self.context;
        let mut stop = pin!(stop.notified());
        let mut until = Instant::now() + options.request_head_timeout;
        let mut idle = pin!(sleep_until(until));
        loop {
            tokio::select! {
                biased;
                received = poll_fn(|context| self.poll_receive(&mut stream, context)) => match received? {
                    Received::End => return Ok(None),
                    Received::Other(read) => return Ok(Some(Rewind::new(read, stream))),
                    Received::PlainGet { rest, is_last } => {
                        rest.send(&stream, phases, options.drain).await?;
                        if is_last {
                            tokio::select! {
                                closed = self.linger(&mut stream) => closed?,
                                () = &mut stop => {}
                            }
                            return Ok(None);
                        }
                        until = Instant::now() + options.keep_alive;
                        if until < idle.deadline() {
                            idle.as_mut().reset(until);
                        }
                    }
                },
                () = &mut stop => return Ok(None),
                () = &mut idle => {
                    if Instant::now() >= until {
                        return Ok(None);
                    }
                    idle.as_mut().reset(until);
                }
            }
        }
    }

    /// Reads once, and begins the response if that was a plain request.
    fn poll_receive(&self, stream: &mut TcpStream, context: &mut Context<'_>) -> Poll<io::Result<Received>> {
        let Scratch { received, head, date } = &mut *self.scratch.borrow_mut();
        let mut received = ReadBuf::new(&mut received[..]);
        ready!(Pin::new(&mut *stream).poll_read(context, &mut received))?;
        Poll::Ready(match received.filled() {
            [] => Ok(Received::End),
            received => self.respond(stream, received, head, date),
        })
    }

    fn respond(
        &self,
        stream: &TcpStream,
        received: &[u8],
        head: &mut Vec<u8>,
        date: &mut Date,
    ) -> io::Result<Received> {
        let ConnectionContext { options, phases, .. } = &self.context;
        let request =
            request::plain(received, options.max_head, &self.hosts).filter(|_| !observe::logs_requests());
        let Some(prepared) = request.and_then(|request| self.assets.prepared(&request)) else {
            return Ok(Received::Other(Bytes::copy_from_slice(received)));
        };
        let in_flight = self.requests.request();
        let is_last = phases.current() >= Phase::Draining;
        write_head(head, &prepared, date, is_last);
        let counted = CountedRequest::begin(prepared.status(), prepared.coding());
        let rest = PendingResponse::begin(stream, head, &prepared.body(), counted, in_flight)?;
        Ok(Received::PlainGet { rest, is_last })
    }

    /// Closes, and reads until the client has closed too: the kernel would reset the connection while input waits
    /// (RFC 9112 §9.6).
    async fn linger(&self, stream: &mut TcpStream) -> io::Result<()> {
        stream.shutdown().await?;
        let mut discarded = [0; 512];
        let end = async {
            while stream.read(&mut discarded).await? > 0 {}
            Ok(())
        };
        timeout(self.context.options.disconnect_timeout, end).await.unwrap_or(Ok(()))
    }
}

fn write_head(head: &mut Vec<u8>, prepared: &Prepared<'_>, date: &mut Date, is_last: bool) {
    head.clear();
    prepared.write_head(head);
    head.extend_from_slice(date.line(SystemTime::now()));
    if is_last {
        head.extend_from_slice(b"connection: close\r\n");
    }
    head.extend_from_slice(b"\r\n");
}
