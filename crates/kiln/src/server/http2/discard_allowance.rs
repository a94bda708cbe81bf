//! The allowance of data that nobody reads: the rest of refused bodies, which `h2` discards for as long as it comes.

use std::{cell::Cell, io, rc::Rc};

/// Limit of discarded data from one request to the next, in bytes: more than the flow-control windows.
const DISCARDED: usize = 16 * 1024 * 1024;

/// Number of bytes that a client may still send in vain; clones share it.
#[derive(Clone, Debug)]
pub(super) struct DiscardAllowance(Rc<Cell<usize>>);

impl Default for DiscardAllowance {
    fn default() -> Self {
        Self(Rc::new(Cell::new(DISCARDED)))
    }
}

impl DiscardAllowance {
    /// Takes received data off.
    ///
    /// # Errors
    /// When more has come than is allowed, which ends the connection.
    pub(super) fn take(&self, data: usize) -> io::Result<()> {
        let left = self.0.get().checked_sub(data);
        let left = left.ok_or_else(|| io::Error::other("the client sends on after a refusal"))?;
        self.0.set(left);
        Ok(())
    }

    /// Gives back data that a handler has read.
    pub(super) fn give_back(&self, data: usize) {
        self.0.set(self.0.get().saturating_add(data).min(DISCARDED));
    }

    /// Begins anew, with another request.
    pub(super) fn renew(&self) {
        self.0.set(DISCARDED);
    }
}
