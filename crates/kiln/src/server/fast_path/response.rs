//! A response that is sent in as few writes as the socket allows.

use std::{
    future::poll_fn,
    io::{self, ErrorKind, IoSlice},
};

use actix_web::web::{Buf, Bytes};
use tokio::net::TcpStream;

use crate::{
    observe::CountedRequest,
    phase::Phases,
    server::{activity::RequestGuard, client_time, options::DrainOptions},
};

/// The rest of a response.
pub(super) struct PendingResponse {
    head: Bytes,
    body: Bytes,
    counted: CountedRequest,
    _in_flight: RequestGuard,
}

impl PendingResponse {
    /// Writes as much as the socket takes at once, and keeps the rest.
    pub(super) fn begin(
        stream: &TcpStream,
        head: &[u8],
        body: &Bytes,
        mut counted: CountedRequest,
        in_flight: RequestGuard,
    ) -> io::Result<Self> {
        let sent = written(stream.try_write_vectored(&[IoSlice::new(head), IoSlice::new(body)]))?;
        let (head_sent, body_sent) = (sent.min(head.len()), sent.saturating_sub(head.len()));
        counted.sent(body_sent);
        let head = Bytes::copy_from_slice(&head[head_sent..]);
        Ok(Self { head, body: body.slice(body_sent..), counted, _in_flight: in_flight })
    }

    /// Sends the rest.
    pub(super) async fn send(
        mut self,
        stream: &TcpStream,
        phases: &Phases,
        drain: DrainOptions,
    ) -> io::Result<()> {
        while self.head.has_remaining() || self.body.has_remaining() {
            tokio::select! {
                biased;
                ready = poll_fn(|context| stream.poll_write_ready(context)) => ready?,
                () = client_time::ended(phases, drain) => return Err(ErrorKind::TimedOut.into()),
            }
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

/// Number of bytes written: zero where the socket is full.
fn written(outcome: io::Result<usize>) -> io::Result<usize> {
    match outcome {
        Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(0),
        outcome => outcome,
    }
}
