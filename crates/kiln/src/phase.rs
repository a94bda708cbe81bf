//! The phase of an application.
//!
//! The server advances it; probes, the log, and all other holders of a [`Phases`] watch it.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use serde::Serialize;
use tokio::sync::watch;

/// A phase of an application's life; phases only ever advance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum Phase {
    /// Resources are being opened.
    Starting,
    /// Requests are served.
    Ready,
    /// Asked to stop: requests are answered, and their connections closed.
    Draining,
    /// All resources are closed.
    Stopped,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Draining => "draining",
            Self::Stopped => "stopped",
        })
    }
}

/// A view of an application's phase; clones are cheap and see the same phase.
#[derive(Clone, Debug)]
pub struct Phases {
    shared: Arc<PhaseState>,
}

/// The phase, twice. Every request reads it, and reading a `watch` takes a lock whose counter all cores would write to,
/// so requests read an atomic instead.
#[derive(Debug)]
struct PhaseState {
    announced: watch::Sender<Phase>,
    current: AtomicU8,
}

impl Phases {
    /// The phase of an application that is starting.
    #[must_use]
    pub(crate) fn new() -> Self {
        let phase = Phase::Starting;
        let shared = PhaseState { announced: watch::Sender::new(phase), current: AtomicU8::new(phase as u8) };
        Self { shared: Arc::new(shared) }
    }

    /// The current phase.
    #[must_use]
    pub fn current(&self) -> Phase {
        match self.shared.current.load(Ordering::Acquire) {
            0 => Phase::Starting,
            1 => Phase::Ready,
            2 => Phase::Draining,
            _ => Phase::Stopped,
        }
    }

    /// Waits until the application is in `phase` or past it.
    pub async fn reached(&self, phase: Phase) {
        let mut announced = self.shared.announced.subscribe();
        // `self` owns the sender, so the channel cannot close while this waits.
        let _ = announced.wait_for(|current| *current >= phase).await;
    }

    /// Moves on to `phase`; a step back is ignored.
    pub(crate) fn advance(&self, phase: Phase) {
        self.shared.announced.send_if_modified(|current| {
            let advances = phase > *current;
            if advances {
                *current = phase;
                self.shared.current.store(phase as u8, Ordering::Release);
                tracing::info!(%phase, "phase");
            }
            advances
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_never_goes_back() {
        let phases = Phases::new();
        for phase in [Phase::Ready, Phase::Draining, Phase::Ready, Phase::Starting] {
            phases.advance(phase);
        }
        assert_eq!(phases.current(), Phase::Draining);
        phases.advance(Phase::Stopped);
        assert_eq!(phases.current(), Phase::Stopped);
    }

    #[tokio::test]
    async fn waiting_for_a_passed_phase_ends_at_once() {
        let phases = Phases::new();
        let seen_by = phases.clone();
        let waiter = tokio::spawn(async move { seen_by.reached(Phase::Ready).await });
        phases.advance(Phase::Stopped);
        waiter.await.expect("the waiter returns");
    }
}
