//! How long the head of a request may be on its way. Nobody would wait for it otherwise while another request of the
//! connection is being answered.

use std::{pin::Pin, task::Poll, time::Duration};

use tokio::time::{Sleep, sleep};

use super::backlog::Backlog;

/// Looks at the clock for one connection.
pub(super) struct Late {
    backlog: Backlog,
    limit: Duration,
    end: Pin<Box<Sleep>>,
}

impl Late {
    pub(super) fn new(backlog: &Backlog, limit: Duration) -> Self {
        Self { backlog: backlog.clone(), limit, end: Box::pin(sleep(limit)) }
    }

    /// What `reading` the connection gives, or none when a head is late. It is read first: only then is known whether
    /// there is one.
    pub(super) async fn unless<T>(&mut self, reading: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            read = reading => Some(read),
            () = self.passed() => None,
        }
    }

    async fn passed(&mut self) {
        std::future::poll_fn(|context| {
            let end = self.backlog.head_since().and_then(|since| since.checked_add(self.limit));
            let Some(end) = end else { return Poll::Pending };
            if self.end.deadline() != end {
                self.end.as_mut().reset(end);
            }
            self.end.as_mut().poll(context)
        })
        .await;
    }
}
