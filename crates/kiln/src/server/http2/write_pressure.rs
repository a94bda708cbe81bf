//! The write pressure of a connection: whether its client keeps up with the responses.

use std::{cell::Cell, rc::Rc, time::Duration};

use tokio::time::Instant;

/// Write pressure of one connection; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct WritePressure(Rc<PressureState>);

#[derive(Debug, Default)]
struct PressureState {
    /// The socket is full.
    blocked: Cell<bool>,
    /// Input has come lately, after the shutdown.
    input: Cell<bool>,
    /// The moment at which the first of it came.
    input_since: Cell<Option<Instant>>,
}

impl WritePressure {
    /// Whether data waits to be taken, or the client has shown since the last call that it still takes some. It may show
    /// that for `limit`: input tells nothing about what is taken.
    pub(super) fn is_progressing(&self, limit: Duration) -> bool {
        let since = self.0.input_since.get();
        let is_heard = self.0.input.take() && since.is_some_and(|since| since.elapsed() < limit);
        is_heard || self.0.blocked.get()
    }

    /// Whether the socket is full.
    pub(super) fn is_blocked(&self) -> bool {
        self.0.blocked.get()
    }

    pub(super) fn set_blocked(&self, blocked: bool) {
        self.0.blocked.set(blocked);
    }

    /// Records that the client has sent something after the shutdown.
    pub(super) fn record_input(&self) {
        self.0.input.set(true);
        self.0.input_since.set(self.0.input_since.get().or_else(|| Some(Instant::now())));
    }
}
