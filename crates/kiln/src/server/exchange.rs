//! The exchange of a request for its response, as its driver and the middleware share it: actix lies between the two.

use std::{
    cell::{Cell, RefCell},
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, Waker},
};

use actix_web::{
    HttpMessage as _,
    dev::{Payload, ServiceRequest},
    error::PayloadError,
    web::Bytes,
};
use futures_util::Stream;
use tokio::time::Instant;

/// State of the exchange that a connection of HTTP/1.1, or a stream of HTTP/2, is in; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct Exchange(Rc<ExchangeState>);

#[derive(Debug, Default)]
struct ExchangeState {
    /// The moment at which the whole response was in the buffer of actix, or was abandoned.
    answered: Cell<Option<Instant>>,
    /// The response is the last of its connection.
    is_last: Cell<bool>,
    /// The connection has changed protocols.
    is_upgraded: Cell<bool>,
    /// More of the body of the request is to come.
    is_body_pending: Cell<bool>,
    /// The end of the body has not been read.
    is_body_unread: Cell<bool>,
    /// The rest of the body came too late, so its reader has got an error.
    is_late: Cell<bool>,
    permission: Cell<Permission>,
    /// The task of the connection.
    waker: RefCell<Option<Waker>>,
}

/// Permission to send a body, for which a client waits that expects `100 (Continue)` (RFC 9110 §10.1.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Permission {
    #[default]
    NotExpected,
    Expected,
    /// The body is being read: `100 (Continue)` is to be sent.
    Granted,
}

impl Exchange {
    /// That of `request`; none where no driver of Kiln has read it.
    pub(super) fn of(request: &ServiceRequest) -> Option<Self> {
        let of_connection = request.conn_data::<Self>().cloned();
        of_connection.or_else(|| request.extensions().get::<Self>().cloned())
    }

    /// Begins with another request.
    pub(super) fn begin(&self, has_body: bool, is_body_pending: bool, expects_permission: bool) {
        let state = &self.0;
        state.answered.set(None);
        state.is_last.set(false);
        state.is_late.set(false);
        state.is_body_pending.set(is_body_pending);
        state.is_body_unread.set(has_body);
        let permission = if expects_permission { Permission::Expected } else { Permission::NotExpected };
        state.permission.set(permission);
    }

    pub(super) fn set_body_complete(&self) {
        self.0.is_body_pending.set(false);
    }

    /// Whether the response comes before the end of the request. actix ends the connection where it finds the body unread,
    /// which depends on the moment; so any such response is the last.
    pub(super) fn is_cut(&self) -> bool {
        self.0.is_body_pending.get() || self.0.is_body_unread.get()
    }

    pub(super) fn set_late(&self) {
        self.0.is_late.set(true);
    }

    pub(super) fn is_late(&self) -> bool {
        self.0.is_late.get()
    }

    pub(super) fn set_last(&self) {
        self.0.is_last.set(true);
    }

    pub(super) fn is_last(&self) -> bool {
        self.0.is_last.get()
    }

    pub(super) fn set_upgraded(&self) {
        self.0.is_upgraded.set(true);
    }

    pub(super) fn is_upgraded(&self) -> bool {
        self.0.is_upgraded.get()
    }

    /// The moment at which the response was finished, told once.
    pub(super) fn take_answered(&self) -> Option<Instant> {
        self.0.answered.take()
    }

    /// Whether the client still waits for leave to send its body.
    pub(super) fn awaits_permission(&self) -> bool {
        self.0.permission.get() == Permission::Expected
    }

    /// Whether `100 (Continue)` is to be sent, asked once.
    pub(super) fn take_permission(&self) -> bool {
        let is_granted = self.0.permission.get() == Permission::Granted;
        if is_granted {
            self.0.permission.set(Permission::NotExpected);
        }
        is_granted
    }

    /// Withdraws a permission that has not been sent, because the response takes its place.
    pub(super) fn withdraw_permission(&self) {
        self.0.permission.set(Permission::NotExpected);
    }

    /// Sets the task that is woken when the exchange moves on, once.
    pub(super) fn set_waker(&self, waker: &Waker) {
        self.0.waker.replace(Some(waker.clone()));
    }

    fn wake(&self) {
        if let Some(waker) = self.0.waker.take() {
            waker.wake();
        }
    }

    /// The body of a request, which grants the permission to send it once it is read, and records when it has been.
    pub(super) fn followed(&self, body: Payload) -> Payload {
        if !self.0.is_body_unread.get() {
            return body;
        }
        Payload::Stream { payload: Box::pin(FollowedBody { body, exchange: self.clone() }) }
    }
}

/// A body whose first poll grants the permission to send it.
struct FollowedBody {
    body: Payload,
    exchange: Exchange,
}

impl Stream for FollowedBody {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.exchange.awaits_permission() {
            self.exchange.0.permission.set(Permission::Granted);
            self.exchange.wake();
        }
        let chunk = Pin::new(&mut self.body).poll_next(context);
        if let Poll::Ready(None) = chunk {
            self.exchange.0.is_body_unread.set(false);
        }
        chunk
    }
}

/// Marks the exchange as answered when dropped.
#[derive(Debug)]
pub(super) struct AnswerGuard(Option<Exchange>);

impl AnswerGuard {
    pub(super) fn new(exchange: Option<&Exchange>) -> Self {
        Self(exchange.cloned())
    }
}

impl Drop for AnswerGuard {
    fn drop(&mut self) {
        if let Some(exchange) = &self.0 {
            exchange.0.answered.set(Some(Instant::now()));
            exchange.wake();
        }
    }
}
