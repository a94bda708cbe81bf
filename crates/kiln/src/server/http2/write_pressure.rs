//! The write pressure of a connection: whether its client keeps up with the responses.

use std::{cell::Cell, rc::Rc};

/// Write pressure of one connection; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct WritePressure(Rc<PressureState>);

#[derive(Debug, Default)]
struct PressureState {
    /// The socket is full.
    blocked: Cell<bool>,
    /// Input has come since the shutdown.
    input: Cell<bool>,
}

impl WritePressure {
    /// Whether data waits to be taken, or the client has shown since the last call that it still takes some.
    pub(super) fn is_progressing(&self) -> bool {
        self.0.input.take() || self.0.blocked.get()
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
    }
}
