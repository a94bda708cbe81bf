//! Readiness checks, run when `/readyz` is asked and at no other time.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use futures_util::future::join_all;
use tokio::{sync::Mutex, time::Instant};

use super::{
    error::{BoxError, CloseOutcome},
    guard,
    registry::Resources,
};

/// The life of a result, so that probes, however many there are, cost a resource little.
const FRESH: Duration = Duration::from_millis(250);

type Checked = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

/// The readiness checks of one application; clones share them.
#[derive(Clone, Default)]
pub(crate) struct Readiness {
    checks: Arc<RwLock<Vec<Check>>>,
    last_run: Arc<Mutex<Option<Instant>>>,
}

#[derive(Clone)]
struct Check {
    /// The place of the resource in [`Resources`].
    index: usize,
    deadline: Duration,
    run: Arc<dyn Fn() -> Checked + Send + Sync>,
}

impl Readiness {
    pub(super) fn add<Run, Running>(&self, index: usize, deadline: Duration, check: Run)
    where
        Run: Fn() -> Running + Send + Sync + 'static,
        Running: Future + Send + 'static,
        Running::Output: CloseOutcome,
    {
        let run = Arc::new(move || -> Checked {
            let running = check();
            Box::pin(async move { running.await.into_result() })
        });
        let mut checks = self.checks.write().unwrap_or_else(PoisonError::into_inner);
        checks.push(Check { index, deadline, run });
    }

    /// Runs every check, unless the last results are still fresh, and brings `resources` up to date.
    pub(crate) async fn run(&self, resources: &Resources) {
        // Held while the checks run: probes that come meanwhile wait for the same results.
        let mut last_run = self.last_run.lock().await;
        if last_run.is_some_and(|at| at.elapsed() < FRESH) {
            return;
        }
        let checks = self.checks.read().unwrap_or_else(PoisonError::into_inner).clone();
        join_all(checks.into_iter().map(|Check { index, deadline, run }| async move {
            let outcome = guard::within(deadline, async move { run().await }).await;
            resources.checked(index, outcome.err());
        }))
        .await;
        *last_run = Some(Instant::now());
    }
}
