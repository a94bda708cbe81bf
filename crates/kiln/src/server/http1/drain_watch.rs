//! The drain of the application, from which on bodies have a deadline in common.

use std::{future::Future, pin::Pin, task::Context, time::Duration};

use tokio::time::Instant;

use crate::phase::{Phase, Phases};

/// A watch that begins with the first body that is waited for.
#[derive(Default)]
pub(super) enum DrainWatch {
    #[default]
    Unwatched,
    Watched(Pin<Box<dyn Future<Output = ()>>>),
    Ends(Instant),
}

impl DrainWatch {
    /// The end of the time that a drain leaves to bodies, `limit` after it has begun; none before.
    pub(super) fn poll_end(
        &mut self,
        phases: &Phases,
        limit: Duration,
        context: &mut Context<'_>,
    ) -> Option<Instant> {
        if let Self::Unwatched = self {
            let phases = phases.clone();
            *self = Self::Watched(Box::pin(async move { phases.reached(Phase::Draining).await }));
        }
        if let Self::Watched(begun) = self
            && begun.as_mut().poll(context).is_ready()
        {
            *self = Self::Ends(Instant::now() + limit);
        }
        match self {
            Self::Ends(end) => Some(*end),
            Self::Unwatched | Self::Watched(_) => None,
        }
    }
}
