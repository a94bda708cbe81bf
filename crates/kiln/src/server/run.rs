//! The run of an application, from its first connection to its exit.

use super::{
    application::Application,
    drain::DrainOutcome,
    options::DrainOptions,
    serving::{Serving, StopCause},
};
use crate::{error::Error, lifespan::Unclosed, phase::Phase};

impl<S: Send + Sync + 'static> Application<S> {
    /// Serves until the stop signal, or until a required task dies; then drains and closes everything in
    /// reverse order.
    ///
    /// # Errors
    /// When the server does not start, a required task died, requests outlived the drain, or a resource did not close.
    pub async fn run(self) -> Result<(), Error> {
        let outcome = match Serving::new(&self) {
            Ok(serving) => serving.run().await,
            Err(error) => Err(error),
        };
        let Self { listener, state, routes, lifespan, phases, measure, admin, .. } = self;
        // The port closes before the resources, since no connection is served any more.
        drop((listener, state, routes, measure, admin));
        let unclosed = lifespan.close().await;
        phases.advance(Phase::Stopped);
        conclude(outcome, unclosed)
    }
}

fn conclude(outcome: Result<StopCause, Error>, unclosed: Unclosed) -> Result<(), Error> {
    match outcome {
        Ok(StopCause::TaskDied(cause)) => Err(Error::TaskDied { cause, unclosed }),
        Ok(StopCause::Requested(DrainOutcome::TimedOut(requests), DrainOptions { deadline, .. })) => {
            Err(Error::Drain { requests, deadline, unclosed })
        }
        Ok(StopCause::Requested(DrainOutcome::Complete | DrainOutcome::Interrupted, _))
            if unclosed.is_empty() =>
        {
            Ok(())
        }
        Ok(StopCause::Requested(..)) => Err(Error::TearDown(unclosed)),
        Err(error) => {
            if !unclosed.is_empty() {
                tracing::error!("tear-down failed{unclosed}");
            }
            Err(error)
        }
    }
}
