//! Background tasks that the stack owns, each with a policy for its end before it is told to end.
//!
//! *Required*: the alarm is raised; the server then drains, closes, and the process exits with
//! [`Exit::TaskDied`](crate::Exit::TaskDied). *Restarted*: it begins anew after a while, ever less often.
//! *Best effort*: its failure is shown and logged, and nothing else happens.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use super::{
    Backoff, BoxError, CloseOutcome, Closing, Deadlines, Entered, Failure, Lifespan, Resources, TaskDied,
    guard,
};

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
        let alarm = self.alarm.clone();
        self.own(name.into(), deadlines.into(), |task| {
            let running = work(task.stop.clone());
            async move {
                match task.lived(running).await {
                    Ok(closed) => closed,
                    Err(failure) => {
                        task.resources.failed(task.index, &failure);
                        alarm.raise(TaskDied { task: task.name, failure });
                        Ok(())
                    }
                }
            }
        });
    }

    /// Starts a task that begins anew whenever it ends before it was told to, however it ended: after the
    /// first wait of `backoff`, then after longer ones; one that has lived for the longest begins with the
    /// first again. It is told to stop as a [required](Self::require) one is.
    ///
    /// # Panics
    /// When called outside a tokio runtime.
    pub fn restart<Work, Running>(
        &mut self,
        name: impl Into<String>,
        deadlines: impl Into<Deadlines>,
        backoff: Backoff,
        mut work: Work,
    ) where
        Work: FnMut(CancellationToken) -> Running + Send + 'static,
        Running: Future + Send + 'static,
        Running::Output: CloseOutcome,
    {
        self.own(name.into(), deadlines.into(), move |task| async move {
            let mut delays = backoff.delays();
            loop {
                let began = Instant::now();
                // Beginning is the adopter's code too, so it happens inside the guard.
                let running = async { work(task.stop.clone()).await };
                let failure = match task.lived(running).await {
                    Ok(closed) => return closed,
                    Err(failure) => failure,
                };
                if began.elapsed() >= backoff.longest {
                    delays = backoff.delays();
                }
                let delay = delays.next().unwrap_or(backoff.longest);
                task.resources.restarting(task.index, &failure, delay);
                tokio::select! {
                    () = sleep(delay) => task.resources.restarted(task.index),
                    () = task.stop.cancelled() => return Ok(()),
                }
            }
        });
    }

    /// Starts a task without which the application goes on: it may return when it is done, and when it fails,
    /// that is logged and shown at `/readyz`. It is told to stop as a [required](Self::require) one is.
    ///
    /// # Panics
    /// When called outside a tokio runtime.
    pub fn attempt<Work, Running>(
        &mut self,
        name: impl Into<String>,
        deadlines: impl Into<Deadlines>,
        work: Work,
    ) where
        Work: FnOnce(CancellationToken) -> Running,
        Running: Future + Send + 'static,
        Running::Output: CloseOutcome,
    {
        self.own(name.into(), deadlines.into(), |task| {
            let running = work(task.stop.clone());
            async move {
                match task.lived(running).await {
                    Ok(closed) => return closed,
                    Err(Failure::Returned) => {}
                    Err(failure) => task.resources.failed(task.index, &failure),
                }
                Ok(())
            }
        });
    }

    pub(crate) fn alarm(&self) -> Alarm {
        self.alarm.clone()
    }

    fn own<Life>(&mut self, name: String, deadlines: Deadlines, begin: impl FnOnce(Task) -> Life)
    where
        Life: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        let index = self.resources.opening(&name);
        let stop = CancellationToken::new();
        let task = Task { name: name.clone(), index, stop: stop.clone(), resources: self.resources.clone() };
        self.resources.opened(index, Duration::ZERO);
        // Of one task, because it aborts what it is dropped with.
        let mut life = JoinSet::new();
        life.spawn(begin(task));
        let close = Box::new(move || -> Closing {
            Box::pin(async move {
                stop.cancel();
                while let Some(ended) = life.join_next().await {
                    ended??;
                }
                Ok(())
            })
        });
        self.stack.push(Entered { index, name, deadlines, close });
    }
}

/// What a task knows of itself.
struct Task {
    name: String,
    index: usize,
    stop: CancellationToken,
    resources: Resources,
}

impl Task {
    /// Lives to the end of `running`. An end before the stop is a failure, for the policy to judge; one after
    /// it belongs to the close, which gathers it.
    async fn lived<Running>(&self, running: Running) -> Result<Result<(), BoxError>, Failure>
    where
        Running: Future,
        Running::Output: CloseOutcome,
    {
        let outcome = guard::caught(async { running.await.into_result() }).await;
        if self.stop.is_cancelled() {
            return Ok(outcome.map_err(|failure| match failure {
                Failure::Error(error) => error,
                failure => failure.into(),
            }));
        }
        Err(outcome.err().unwrap_or(Failure::Returned))
    }
}
