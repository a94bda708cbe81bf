//! Whether what is open can be used: asked when somebody asks `/readyz`, so that nothing runs in between.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use futures_util::future::join_all;
use tokio::{sync::Mutex, time::Instant};

use super::{BoxError, CloseOutcome, Lifespan, Resources, guard};

/// For this long an answer stands, so that probes, however many there are, cost a resource little.
const FRESH: Duration = Duration::from_millis(250);

type Answer = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>;

/// The questions of one application; clones share them.
#[derive(Clone, Default)]
pub(crate) struct Readiness {
    questions: Arc<RwLock<Vec<Question>>>,
    asked: Arc<Mutex<Option<Instant>>>,
}

#[derive(Clone)]
struct Question {
    index: usize,
    deadline: Duration,
    ask: Arc<dyn Fn() -> Answer + Send + Sync>,
}

impl Lifespan {
    /// Has `/readyz` ask whether a resource can be used. While it cannot (`ask` fails, panics, or has no answer
    /// within `deadline`), the application is not ready; it goes on serving what it can.
    ///
    /// `name` is that of a resource on the stack; any other is shown beside those.
    pub fn watch<Ask, Asking>(&mut self, name: &str, deadline: Duration, ask: Ask)
    where
        Ask: Fn() -> Asking + Send + Sync + 'static,
        Asking: Future + Send + 'static,
        Asking::Output: CloseOutcome,
    {
        let index = self.resources.named(name);
        let ask = Arc::new(move || -> Answer {
            let asking = ask();
            Box::pin(async move { asking.await.into_result() })
        });
        let question = Question { index, deadline, ask };
        self.readiness.questions.write().unwrap_or_else(PoisonError::into_inner).push(question);
    }
}

impl Readiness {
    /// Asks every question, unless that has just been done, and brings `resources` up to date.
    pub(crate) async fn ask(&self, resources: &Resources) {
        // Whoever comes while the questions are being asked waits for the answers.
        let mut asked = self.asked.lock().await;
        if asked.is_some_and(|at| at.elapsed() < FRESH) {
            return;
        }
        let questions = self.questions.read().unwrap_or_else(PoisonError::into_inner).clone();
        join_all(questions.into_iter().map(|Question { index, deadline, ask }| async move {
            let answer = guard::close(async move { ask().await }, deadline).await;
            resources.answered(index, answer.err());
        }))
        .await;
        *asked = Some(Instant::now());
    }
}
