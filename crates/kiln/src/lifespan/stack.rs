//! The stack of open resources and running tasks, closed from the top.

use std::{future::Future, pin::Pin, time::Duration};

use tokio::time::Instant;

use super::{
    error::{BoxError, CloseError, CloseOutcome, Unclosed},
    fatal_task::FatalTask,
    guard,
    readiness::Readiness,
    registry::Resources,
};
use crate::shutdown::Shutdown;

/// A stack of open resources and running tasks.
///
/// Close it: dropping it runs no close, since a close is asynchronous.
#[must_use = "the resources of a dropped lifespan are never closed"]
pub struct Lifespan {
    pub(super) shutdown: Shutdown,
    pub(super) fatal_task: FatalTask,
    pub(super) resources: Resources,
    readiness: Readiness,
    stack: Vec<StackEntry>,
}

/// A resource on the stack.
pub(super) struct StackEntry {
    /// The place of the resource in [`Resources`].
    pub(super) index: usize,
    pub(super) name: String,
    pub(super) deadline: Duration,
    pub(super) close: Close,
}

pub(super) type Close = Box<dyn FnOnce() -> Closing + Send>;

pub(super) type Closing = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

impl Lifespan {
    /// The deadline of every resource that names no other: 20 s to open, and 20 s to close.
    pub const DEADLINE: Duration = Duration::from_secs(20);

    /// An empty stack whose openings end early when `shutdown` asks for a stop.
    pub fn new(shutdown: Shutdown) -> Self {
        let (fatal_task, resources) = (FatalTask::default(), Resources::default());
        Self { shutdown, fatal_task, resources, readiness: Readiness::default(), stack: Vec::new() }
    }

    /// The resources and tasks on the stack, for probes and logs; the view stays current.
    #[must_use]
    pub fn resources(&self) -> Resources {
        self.resources.clone()
    }

    /// The stop signal, for starts with long steps of their own.
    #[must_use]
    pub fn shutdown(&self) -> &Shutdown {
        &self.shutdown
    }

    /// Adds a readiness check: `/readyz` calls `check`, and answers 503 while it fails, panics, or takes longer than
    /// `deadline`. The application goes on serving what it can.
    ///
    /// `name` is that of a resource on the stack; any other is listed beside those.
    pub fn check_readiness<Check, Checking>(&mut self, name: &str, deadline: Duration, check: Check)
    where
        Check: Fn() -> Checking + Send + Sync + 'static,
        Checking: Future + Send + 'static,
        Checking::Output: CloseOutcome,
    {
        self.readiness.add(self.resources.index_of(name), deadline, check);
    }

    /// Closes everything in reverse order, each resource within its own deadline, and returns the failures.
    pub async fn close(mut self) -> Unclosed {
        let mut unclosed = Unclosed::default();
        while let Some(StackEntry { index, name, deadline, close }) = self.stack.pop() {
            self.resources.closing(index);
            let started = Instant::now();
            // The closure itself is the adopter's code too, so it runs inside the guard.
            match guard::within(deadline, async move { close().await }).await {
                Ok(()) => self.resources.closed(index, started.elapsed()),
                Err(failure) => {
                    self.resources.failed(index);
                    tracing::error!(resource = name, "closing {failure}");
                    unclosed.push(CloseError { resource: name, failure });
                }
            }
        }
        unclosed
    }

    pub(crate) fn readiness(&self) -> Readiness {
        self.readiness.clone()
    }

    pub(crate) fn fatal_task(&self) -> FatalTask {
        self.fatal_task.clone()
    }

    pub(super) fn push(&mut self, entry: StackEntry) {
        self.stack.push(entry);
    }
}
