//! Background tasks that the stack owns.
//!
//! A required task that ends before it is told to raises the alarm; the server then drains, closes, and
//! the process exits with [`Exit::TaskDied`](crate::Exit::TaskDied).

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};

use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use super::{CloseOutcome, Closing, Deadlines, Entered, Failure, Lifespan, TaskDied, guard};
use crate::error::BoxError;

/// Told of the first required task that died.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alarm {
    raised: CancellationToken,
    cause: Arc<Mutex<Option<TaskDied>>>,
}

impl Alarm {
    /// Waits until a task has died.
    pub(crate) async fn raised(&self) {
        self.raised.cancelled().await;
    }

    /// The task that died first, once.
    pub(crate) fn cause(&self) -> Option<TaskDied> {
        self.cause.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn raise(&self, died: TaskDied) {
        tracing::error!("{died}");
        let mut cause = self.cause.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.raised.is_cancelled() {
            *cause = Some(died);
            self.raised.cancel();
        }
    }
}

impl Lifespan {
    /// Starts a task that has to live as long as the application serves.
    ///
    /// `work` receives a token that is cancelled when the task's turn to close has come; it then has until
    /// the deadline to return, and is aborted after it.
    ///
    /// # Panics
    /// When called outside a tokio runtime.
    pub fn require<Work, Running>(
        &mut self,
        name: impl Into<String>,
        deadlines: impl Into<Deadlines>,
        work: Work,
    ) where
        Work: FnOnce(CancellationToken) -> Running,
        Running: Future + Send + 'static,
        Running::Output: CloseOutcome,
    {
        let (name, deadlines) = (name.into(), deadlines.into());
        let index = self.resources.opening(&name);
        let stop = CancellationToken::new();
        let running = work(stop.clone());
        let watched = watch(name.clone(), running, stop.clone(), self.alarm.clone());
        let task = AbortOnDropHandle::new(tokio::spawn(watched));
        self.resources.opened(index, std::time::Duration::ZERO);
        let close = Box::new(move || -> Closing {
            Box::pin(async move {
                stop.cancel();
                task.await?
            })
        });
        self.stack.push(Entered { index, name, deadlines, close });
    }

    pub(crate) fn alarm(&self) -> Alarm {
        self.alarm.clone()
    }
}

/// A death before the stop is for the alarm, which ends the application; a failure after it belongs to
/// the close, which gathers it.
async fn watch<Running>(
    task: String,
    running: Running,
    stop: CancellationToken,
    alarm: Alarm,
) -> Result<(), BoxError>
where
    Running: Future,
    Running::Output: CloseOutcome,
{
    let outcome = guard::caught(async { running.await.into_result() }).await;
    match outcome {
        outcome if stop.is_cancelled() => outcome.map_err(|failure| match failure {
            Failure::Error(error) => error,
            failure => failure.into(),
        }),
        outcome => {
            let failure = outcome.err().unwrap_or(Failure::Returned);
            alarm.raise(TaskDied { task, failure });
            Ok(())
        }
    }
}
