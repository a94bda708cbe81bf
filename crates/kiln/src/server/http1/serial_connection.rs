//! A connection as actix sees it: one request at a time, and an end where the client takes too long.

use std::{
    io,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use actix_web::{http::StatusCode, web::Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

use super::{
    admission::Admission,
    drain_watch::DrainWatch,
    input::{Input, KeepAlive, Stage},
    linger::Linger,
    own_responses::OwnResponses,
    refusal,
    timer::Timer,
};
use crate::server::{
    body_wait::BodyLimits,
    client_time::WriteStall,
    exchange::Exchange,
    places::{NoPlace, Place},
    worker::ConnectionContext,
};

const CONTINUE: Bytes = Bytes::from_static(b"HTTP/1.1 100 Continue\r\n\r\n");

/// A connection of HTTP/1.1.
pub(in super::super) struct SerialConnection<Io> {
    io: Io,
    context: Rc<ConnectionContext>,
    exchange: Exchange,
    admission: Admission,
    input: Input,
    responses: OwnResponses,
    timer: Timer,
    drain: DrainWatch,
    stall: WriteStall,
    linger: Option<Linger>,
}

impl<Io: AsyncRead + AsyncWrite + Unpin> SerialConnection<Io> {
    pub(in super::super) fn new(io: Io, context: &Rc<ConnectionContext>, place: Rc<Place>) -> Self {
        let keep_alive = if context.options.keep_alive.is_zero() { KeepAlive::Off } else { KeepAlive::On };
        Self {
            io,
            context: Rc::clone(context),
            exchange: Exchange::default(),
            admission: Admission::new(place),
            input: Input::new(keep_alive),
            responses: OwnResponses::default(),
            timer: Timer::default(),
            drain: DrainWatch::default(),
            stall: WriteStall::default(),
            linger: None,
        }
    }

    pub(super) fn exchange(&self) -> Exchange {
        self.exchange.clone()
    }

    fn settle(&mut self) {
        if let Err(status) = self.input.settle(&self.exchange) {
            self.refuse(status);
        }
    }

    /// Answers in the place of actix, and ends the connection.
    fn refuse(&mut self, status: StatusCode) {
        tracing::debug!(%status, "request refused");
        self.input.close();
        self.responses.send_last(refusal::response(status, &self.context.headers));
    }

    /// Waits until the request that is held may go on, where the connection has no place.
    fn poll_admission(&mut self, context: &mut Context<'_>) -> Poll<()> {
        match self.input.held_request() {
            None => {}
            Some(true) if self.admission.guest().is_some() => self.exchange.set_last(),
            Some(_) => {
                let admitted = ready!(self.admission.poll(context));
                admitted.unwrap_or_else(|NoPlace| self.refuse(StatusCode::SERVICE_UNAVAILABLE));
            }
        }
        Poll::Ready(())
    }

    /// Takes what has been read into `buffer` after its first `before` bytes, and leaves there what actix may have.
    fn receive(&mut self, buffer: &mut ReadBuf<'_>, before: usize) {
        let bytes = &mut buffer.filled_mut()[before..];
        if bytes.is_empty() {
            return self.input.end();
        }
        let handed = self.input.receive(bytes, &self.exchange, self.admission.guest().is_some());
        buffer.set_filled(before + handed.unwrap_or(0));
        if let Err(status) = handed {
            self.refuse(status);
        }
    }

    /// Whether the client has taken too long, which ends the connection.
    fn poll_late(&mut self, context: &mut Context<'_>) -> bool {
        let options = &self.context.options;
        let deadline = match self.input.stage {
            Stage::Idle { since, is_first: true } | Stage::Head { since } => {
                let limit = options.request_head_timeout;
                let limit = self.admission.guest().map_or(limit, |place| place.timeout(limit));
                (!limit.is_zero()).then(|| since + limit)
            }
            Stage::Idle { since, .. } => Some(since + options.keep_alive),
            Stage::Body { .. } => self.body_deadline(context),
            Stage::Answering | Stage::Closed => None,
        };
        if !deadline.is_some_and(|deadline| self.timer.poll_passed(deadline, context)) {
            return false;
        }
        match self.input.stage {
            Stage::Head { .. } => self.refuse(StatusCode::REQUEST_TIMEOUT),
            Stage::Body { .. } => {
                self.exchange.set_late();
                self.input.close();
            }
            _ => self.input.close(),
        }
        true
    }

    /// Arms the timer to go off after the response: nothing else polls a connection again when that is finished.
    fn arm_timer(&mut self, context: &mut Context<'_>) {
        let keep_alive = self.context.options.keep_alive;
        if matches!(self.input.stage, Stage::Answering) && !keep_alive.is_zero() {
            self.timer.poll_passed(Instant::now() + keep_alive, context);
        }
    }

    /// The deadline of the rest of a body; none where the client waits for the server.
    fn body_deadline(&mut self, context: &mut Context<'_>) -> Option<Instant> {
        if self.exchange.is_upgraded() || self.exchange.awaits_permission() {
            return None;
        }
        let ConnectionContext { options, phases, .. } = &*self.context;
        let end = self.drain.poll_end(phases, options.drain.client_time(), context);
        let Stage::Body { wait, .. } = &mut self.input.stage else { return None };
        let deadline = wait.deadline(BodyLimits::of(options), Instant::now);
        Some(end.map_or(deadline, |end| deadline.min(end)))
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> AsyncRead for SerialConnection<Io> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            this.settle();
            ready!(this.poll_admission(context));
            ready!(this.responses.poll_send(&mut this.io, context))?;
            if this.input.give(buffer) || matches!(this.input.stage, Stage::Closed) {
                return Poll::Ready(Ok(()));
            }
            if this.input.waits_for_response() {
                this.exchange.set_waker(context.waker());
            }
            if !this.input.wants_more() {
                return Poll::Pending;
            }
            let before = buffer.filled().len();
            match Pin::new(&mut this.io).poll_read(context, buffer) {
                Poll::Ready(read) => read?,
                Poll::Pending if this.poll_late(context) => continue,
                Poll::Pending => {
                    this.arm_timer(context);
                    return Poll::Pending;
                }
            }
            this.receive(buffer, before);
            if buffer.filled().len() > before {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> AsyncWrite for SerialConnection<Io> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        ready!(this.responses.poll_send(&mut this.io, context))?;
        let written = Pin::new(&mut this.io).poll_write(context, bytes);
        this.responses.set_blocked(written.is_pending());
        let ConnectionContext { options, phases, .. } = &*this.context;
        this.stall.limit(written, phases, options.drain, context)
    }

    /// Called when actix has written everything.
    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.responses.set_blocked(false);
        if this.exchange.take_permission() {
            this.responses.send(CONTINUE);
        }
        ready!(this.responses.poll_send(&mut this.io, context))?;
        Pin::new(&mut this.io).poll_flush(context)
    }

    /// Closes, and lets the client finish: the kernel would reset the connection, and with it the last response, while
    /// input waits (RFC 9112 §9.6).
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.settle();
        ready!(this.responses.poll_send(&mut this.io, context))?;
        if this.linger.is_none() {
            ready!(Pin::new(&mut this.io).poll_shutdown(context))?;
            if !this.input.may_be_unread() {
                return Poll::Ready(Ok(()));
            }
        }
        let limit = this.context.options.disconnect_timeout;
        this.linger.get_or_insert_with(|| Linger::new(limit)).poll(&mut this.io, &mut this.timer, context)
    }
}
