//! The time that a drain leaves to clients. Their time-outs may be longer than the drain.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::time::sleep;

use super::options::DrainOptions;
use crate::phase::{Phase, Phases};

/// The stall of a response, which begins when the socket is full.
#[derive(Default)]
pub(super) struct WriteStall(Option<Pin<Box<dyn Future<Output = ()>>>>);

impl WriteStall {
    /// `written`, or an error where the client takes nothing and has no more time.
    pub(super) fn limit<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        phases: &Phases,
        options: DrainOptions,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.0 = None;
            return written;
        }
        let stall = self.0.get_or_insert_with(|| {
            let phases = phases.clone();
            Box::pin(async move { ended(&phases, options).await })
        });
        stall.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

/// Waits for the drain, and then until it leaves no more time to a client that does nothing.
pub(super) async fn ended(phases: &Phases, options: DrainOptions) {
    phases.reached(Phase::Draining).await;
    sleep(options.client_time()).await;
}
