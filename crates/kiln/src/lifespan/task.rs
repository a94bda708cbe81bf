//! Background tasks that the stack owns, each with a policy for an end that nothing had asked for.
//!
//! *Required*: the server drains and closes, and the process exits with [`Exit::TaskDied`](crate::Exit::TaskDied).
//! *Restarting*: the task begins anew after a delay that grows. *Best effort*: the failure is logged and shown at
//! `/readyz`.

use std::{future::Future, time::Duration};

use tokio::{
    task::JoinSet,
    time::{Instant, sleep},
};
use tokio_util::sync::CancellationToken;

use super::{
    backoff::Backoff,
    error::{BoxError, CloseOutcome, Failure, TaskDied},
    guard,
    registry::Resources,
    stack::{Closing, Lifespan, StackEntry},
};

impl Lifespan {
    /// Spawns a task that has to run as long as the application serves.
    ///
    /// `work` receives a token that is cancelled when the task's turn to close has come; from then on it has
    /// `deadline` to return, and is aborted after that.
    ///
    /// # Panics
    /// When called outside a tokio runtime.
    pub fn spawn_required<Work, Running>(&mut self, name: impl Into<String>, deadline: Duration, work: Work)
    where
        Work: FnOnce(CancellationToken) -> Running,
        Running: Future + Send + 'static,
        Running::Output: CloseOutcome,
    {
        let fatal_task = self.fatal_task.clone();
        self.spawn(name.into(), deadline, |task| {
            let running = work(task.stop.clone());
            async move {
                match task.outcome(running).await {
                    Ok(stopped) => stopped,
                    Err(failure) => {
                        task.resources.failed(task.index);
                        tracing::error!(resource = task.name, "required task {failure}");
                        fatal_task.record(TaskDied { task: task.name, failure });
                        Ok(())
                    }
                }
            }
        });
    }

    /// Spawns a task that begins anew whenever it ends before it was asked to, however it ended: after the first delay
    /// of `backoff`, then after longer ones; a run that lasted for the longest delay starts with the first again. It
    /// stops as a [required](Self::spawn_required) one does.
    ///
    /// # Panics
    /// When called outside a tokio runtime.
    pub fn spawn_restarting<Work, Running>(
        &mut self,
        name: impl Into<String>,
        deadline: Duration,
        backoff: Backoff,
        mut work: Work,
    ) where
        Work: FnMut(CancellationToken) -> Running + Send + 'static,
        Running: Future + Send + 'static,
        Running::Output: CloseOutcome,
    {
        self.spawn(name.into(), deadline, move |task| async move {
            let mut delays = backoff.delays();
            loop {
                let began = Instant::now();
                // The closure itself is the adopter's code too, so it runs inside the guard.
                let running = async { work(task.stop.clone()).await };
                let failure = match task.outcome(running).await {
                    Ok(stopped) => return stopped,
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

    /// Spawns a task that the application can do without: it may return when its work is done, and a failure is logged
    /// and shown at `/readyz`. It stops as a [required](Self::spawn_required) one does.
    ///
    /// # Panics
    /// When called outside a tokio runtime.
    pub fn spawn_best_effort<Work, Running>(
        &mut self,
        name: impl Into<String>,
        deadline: Duration,
        work: Work,
    ) where
        Work: FnOnce(CancellationToken) -> Running,
        Running: Future + Send + 'static,
        Running::Output: CloseOutcome,
    {
        self.spawn(name.into(), deadline, |task| {
            let running = work(task.stop.clone());
            async move {
                match task.outcome(running).await {
                    Ok(stopped) => return stopped,
                    Err(Failure::Returned) => {}
                    Err(failure) => {
                        task.resources.failed(task.index);
                        tracing::error!(resource = task.name, "task {failure}");
                    }
                }
                Ok(())
            }
        });
    }

    fn spawn<Life>(&mut self, name: String, deadline: Duration, begin: impl FnOnce(Task) -> Life)
    where
        Life: Future<Output = Result<(), BoxError>> + Send + 'static,
    {
        let index = self.resources.opening(&name);
        let stop = CancellationToken::new();
        let task = Task { name: name.clone(), index, stop: stop.clone(), resources: self.resources.clone() };
        self.resources.opened(index, Duration::ZERO);
        // A set of one task, because it aborts the task when it is dropped.
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
        self.push(StackEntry { index, name, deadline, close });
    }
}

/// A running task.
struct Task {
    name: String,
    index: usize,
    stop: CancellationToken,
    resources: Resources,
}

impl Task {
    /// Runs `running` to its end. An end before the stop is a failure, for the policy to judge; one after it belongs to
    /// the close, which gathers it.
    async fn outcome<Running>(&self, running: Running) -> Result<Result<(), BoxError>, Failure>
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
