//! The drain, from a requested stop to the last answer.
//!
//! actix-server's own graceful stop drops connections that its workers have not picked up, and makes an
//! idle connection close without reading the request that may just be arriving. So it comes last here,
//! when every active client has been answered with `Connection: close`.

use actix_web::dev::ServerHandle;
use tokio::time::sleep;

use super::{
    activity::Activity,
    listener_gate::{HANDSHAKE_GRACE, ListenerGate, NewConnections},
    options::DrainOptions,
};
use crate::{
    phase::{Phase, Phases},
    shutdown::Shutdown,
};

/// Outcome of a drain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DrainOutcome {
    /// Every request was answered.
    Complete,
    /// A second signal ended the wait.
    Interrupted,
    /// The deadline passed with this many requests in flight.
    TimedOut(usize),
}

/// Everything that a drain waits for and closes.
pub(super) struct Drain {
    pub(super) options: DrainOptions,
    pub(super) phases: Phases,
    pub(super) shutdown: Shutdown,
    pub(super) activity: Activity,
    pub(super) gate: ListenerGate,
    pub(super) server: ServerHandle,
}

impl Drain {
    pub(super) async fn run(&self) -> DrainOutcome {
        self.phases.advance(Phase::Draining);
        tokio::select! {
            () = sleep(self.options.pause) => {}
            () = self.shutdown.wait_ended() => return self.interrupted(),
        }
        tokio::select! {
            biased;
            () = self.finish() => DrainOutcome::Complete,
            () = self.shutdown.wait_ended() => self.interrupted(),
            () = sleep(self.options.deadline) => match self.activity.requests_in_flight() {
                0 => DrainOutcome::Complete,
                requests => DrainOutcome::TimedOut(requests),
            },
        }
    }

    async fn finish(&self) {
        self.stop_accepting().await;
        self.activity.settled(self.options.idle_grace).await;
        // Left are silent clients, and bodies on their way out.
        self.server.stop(true).await;
    }

    async fn stop_accepting(&self) {
        if self.gate.ignore_new_connections() == NewConnections::Ignored {
            sleep(HANDSHAKE_GRACE).await;
        }
        self.server.pause().await;
        self.gate.close();
    }

    fn interrupted(&self) -> DrainOutcome {
        tracing::warn!(requests = self.activity.requests_in_flight(), "drain interrupted by a second signal");
        DrainOutcome::Interrupted
    }
}
