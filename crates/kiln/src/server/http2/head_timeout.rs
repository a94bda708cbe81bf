//! The head time-out of a connection. `h2` applies none while another request of the connection is being answered.

use std::{cell::Cell, pin::Pin, rc::Rc, task::Poll, time::Duration};

use tokio::time::{Instant, Sleep, sleep};

/// The moment since which an incomplete head of a request has been arriving, if one is; clones share it.
#[derive(Clone, Debug, Default)]
pub(super) struct PendingHead(Rc<Cell<Option<Instant>>>);

impl PendingHead {
    pub(super) fn set(&self, since: Option<Instant>) {
        self.0.set(since);
    }
}

/// Time for the head of a request to become complete.
pub(super) struct HeadTimeout {
    pending: PendingHead,
    limit: Duration,
    end: Pin<Box<Sleep>>,
}

impl HeadTimeout {
    pub(super) fn new(pending: &PendingHead, limit: Duration) -> Self {
        Self { pending: pending.clone(), limit, end: Box::pin(sleep(limit)) }
    }

    /// The output of `reading`, or none when a head takes too long. `reading` is polled first, because only reading
    /// finds out whether a head is incomplete.
    pub(super) async fn apply<T>(&mut self, reading: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            read = reading => Some(read),
            () = self.passed() => None,
        }
    }

    async fn passed(&mut self) {
        std::future::poll_fn(|context| {
            let end = self.pending.0.get().and_then(|since| since.checked_add(self.limit));
            let Some(end) = end else { return Poll::Pending };
            if self.end.deadline() != end {
                self.end.as_mut().reset(end);
            }
            self.end.as_mut().poll(context)
        })
        .await;
    }
}
