//! The input of a client, cut into requests: actix gets one at a time.
//!
//! actix answers with the method, the version and the persistence of the request that it has read last, so it gets no
//! byte of the next one while it answers.

use actix_web::http::StatusCode;
use tokio::{io::ReadBuf, time::Instant};

use super::{
    head::{self, Head, ParsedHead},
    held::Held,
    request_body::RequestBody,
};
use crate::server::{body_wait::BodyWait, exchange::Exchange};

/// The input of a connection.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) stage: Stage,
    held: Held,
    keep_alive: KeepAlive,
    /// Whether another request may follow the present one.
    persists: bool,
    /// Whether the present request is one of a probe.
    is_probe: bool,
    /// The client has closed.
    is_over: bool,
}

/// Whether the server lets connections persist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeepAlive {
    On,
    Off,
}

/// Stage of the present request.
#[derive(Debug)]
pub(super) enum Stage {
    /// None has begun.
    Idle { since: Instant, is_first: bool },
    /// A part of the head has come.
    Head { since: Instant },
    /// The head is complete, the body is not.
    Body { body: RequestBody, wait: BodyWait },
    /// The request is complete, the response is not.
    Answering,
    /// No further byte is handed on.
    Closed,
}

impl Input {
    pub(super) fn new(keep_alive: KeepAlive) -> Self {
        Self {
            stage: Stage::Idle { since: Instant::now(), is_first: true },
            held: Held::default(),
            keep_alive,
            persists: true,
            is_probe: false,
            is_over: false,
        }
    }

    /// Puts bytes of the present request into `buffer`, if there are any.
    pub(super) fn give(&mut self, buffer: &mut ReadBuf<'_>) -> bool {
        self.held.give(buffer)
    }

    /// Whether a request is held, and whether it is one of a probe.
    pub(super) fn held_request(&self) -> Option<bool> {
        (self.held.ready > 0).then_some(self.is_probe)
    }

    /// Whether the task has to be woken when the response is finished, since no further input would do so.
    pub(super) fn waits_for_response(&self) -> bool {
        matches!(self.stage, Stage::Body { .. }) || !self.wants_more()
    }

    /// Whether input is to be read: while a response is under way, only as much as shows that the client is there.
    pub(super) fn wants_more(&self) -> bool {
        match self.stage {
            Stage::Answering => self.held.bytes.is_empty() && !self.is_over,
            _ => true,
        }
    }

    /// Whether the client may still send something that nobody has read.
    pub(super) fn may_be_unread(&self) -> bool {
        !(self.is_over || matches!(self.stage, Stage::Idle { .. }) && self.held.bytes.is_empty())
    }

    /// Takes `bytes` that were just read, and returns how many of them are to be handed on; the others are kept. Those of
    /// a guest are kept until it is admitted.
    pub(super) fn receive(
        &mut self,
        bytes: &mut [u8],
        exchange: &Exchange,
        is_guest: bool,
    ) -> Result<usize, StatusCode> {
        let (before, had_begun) = (self.held.bytes.len(), matches!(self.stage, Stage::Head { .. }));
        let handed = match &mut self.stage {
            Stage::Idle { .. } if is_guest => {
                self.stage = Stage::Head { since: Instant::now() };
                0
            }
            Stage::Idle { .. } => match head::parse(bytes) {
                ParsedHead::Partial => {
                    self.stage = Stage::Head { since: Instant::now() };
                    0
                }
                parsed => self.begin(parsed, bytes, exchange)?,
            },
            Stage::Body { body, wait } => {
                wait.record(bytes.len(), Instant::now);
                let Ok(handed) = body.follow(bytes) else {
                    self.close();
                    return Ok(0);
                };
                if body.is_over() {
                    exchange.set_body_complete();
                    self.stage = Stage::Answering;
                }
                handed
            }
            Stage::Head { .. } | Stage::Answering | Stage::Closed => 0,
        };
        self.held.bytes.extend_from_slice(&bytes[handed..]);
        if matches!(self.stage, Stage::Head { .. }) && (had_begun || is_guest) {
            self.parse_held(before, exchange)?;
        }
        Ok(handed)
    }

    /// Notes the end of the input.
    pub(super) fn end(&mut self) {
        self.is_over = true;
        if !matches!(self.stage, Stage::Answering) {
            self.close();
        }
    }

    /// Ends the connection once the response under way, if there is one, is written.
    pub(super) fn close(&mut self) {
        self.stage = Stage::Closed;
        self.held = Held::default();
    }

    /// Moves on when the response to the present request is finished.
    pub(super) fn settle(&mut self, exchange: &Exchange) -> Result<(), StatusCode> {
        if self.held.ready > 0 {
            return Ok(());
        }
        let Some(answered) = exchange.take_answered() else { return Ok(()) };
        let may_follow =
            self.persists && !exchange.is_last() && !(self.is_over && self.held.bytes.is_empty());
        match self.stage {
            Stage::Answering if may_follow && self.held.bytes.is_empty() => {
                self.stage = Stage::Idle { since: answered, is_first: false };
                Ok(())
            }
            Stage::Answering if may_follow => {
                self.stage = Stage::Head { since: Instant::now() };
                self.parse_held(0, exchange)
            }
            _ => {
                self.close();
                Ok(())
            }
        }
    }

    /// Parses the head that is held, of which the bytes from `new` on have just come.
    fn parse_held(&mut self, new: usize, exchange: &Exchange) -> Result<(), StatusCode> {
        let new = new.saturating_sub(self.held.skip_empty_lines());
        if !self.held.may_end_head(new) {
            return self.held.check_length();
        }
        let mut held = std::mem::take(&mut self.held);
        let outcome = match head::parse(&held.bytes) {
            ParsedHead::Partial => held.check_length(),
            parsed => self.begin(parsed, &mut held.bytes, exchange).map(|ready| held.ready = ready),
        };
        self.held = held;
        outcome
    }

    /// Begins with the request whose head is at the start of `bytes`, and returns the number of bytes that belong to it.
    fn begin(
        &mut self,
        parsed: ParsedHead,
        bytes: &mut [u8],
        exchange: &Exchange,
    ) -> Result<usize, StatusCode> {
        let Head { length, mut body, persists, is_probe, expectation } = match parsed {
            ParsedHead::Complete(head) => head,
            ParsedHead::TooLarge => return Err(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
            ParsedHead::Invalid | ParsedHead::Partial => return Err(StatusCode::BAD_REQUEST),
        };
        let expects_permission = expectation.is_some() && bytes.len() == length;
        if let Some(expectation) = expectation {
            // actix would give the permission before any handler has seen the request.
            bytes[expectation].fill(b' ');
        }
        let has_body = !body.is_over();
        let followed = body.follow(&bytes[length..]);
        exchange.begin(has_body, !body.is_over(), expects_permission);
        self.persists = persists && self.keep_alive == KeepAlive::On;
        self.is_probe = is_probe;
        self.stage = match &followed {
            Err(_) => Stage::Closed,
            Ok(_) if body.is_over() => Stage::Answering,
            Ok(_) => Stage::Body { body, wait: BodyWait::default() },
        };
        Ok(length + followed.unwrap_or(0))
    }
}
