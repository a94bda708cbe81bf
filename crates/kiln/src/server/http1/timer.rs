//! The timer of a connection.

use std::{pin::Pin, task::Context};

use tokio::time::{Instant, Sleep, sleep_until};

/// A timer for all deadlines of a connection, of which one is kept at a time. Most are put off before they pass, so the timer goes off early rather than
/// being set anew for each.
#[derive(Debug, Default)]
pub(super) struct Timer(Option<Pin<Box<Sleep>>>);

impl Timer {
    /// Whether `deadline` has passed; the task is woken when it does.
    pub(super) fn poll_passed(&mut self, deadline: Instant, context: &mut Context<'_>) -> bool {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if deadline < sleep.deadline() {
            sleep.as_mut().reset(deadline);
        }
        while sleep.as_mut().poll(context).is_ready() {
            if Instant::now() >= deadline {
                return true;
            }
            sleep.as_mut().reset(deadline);
        }
        false
    }
}
