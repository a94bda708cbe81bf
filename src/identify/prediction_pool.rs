//! Bounds on predictions: so many run at once, each on a thread of its own, and so many more wait.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use rten::ThreadPool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Bounds on the work that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Predictions that run at once.
    pub at_once: NonZeroUsize,
    /// Predictions that may wait besides.
    pub waiting: usize,
}

/// No room: as many predictions run and wait as [`Capacity`] allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many files to identify: {waiting} are waiting already")]
pub struct Overloaded {
    /// Predictions that wait.
    pub waiting: usize,
}

/// Threads on which predictions run.
///
/// Each prediction has one: spread over several, one prediction ends a little sooner, but fewer end in a second.
/// The pool of the network's library has no bound.
#[derive(Debug)]
pub(super) struct PredictionPool {
    capacity: Capacity,
    admission: Arc<Semaphore>,
    running: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Arc<ThreadPool>>>>,
}

/// The right to run one prediction. Its thread is free again when this is dropped.
pub(super) struct Permit {
    threads: Arc<ThreadPool>,
    idle: Arc<Mutex<Vec<Arc<ThreadPool>>>>,
    // Semaphore permits are dropped after `Permit::drop` has put the thread back, so that the next permit finds it.
    _running: OwnedSemaphorePermit,
    _admission: OwnedSemaphorePermit,
}

impl Capacity {
    /// A prediction on each core that this process may use, and `waiting` more in the queue.
    #[must_use]
    pub fn of_this_machine(waiting: usize) -> Self {
        let at_once = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { at_once, waiting }
    }
}

impl PredictionPool {
    pub(super) fn new(capacity: Capacity) -> Self {
        let at_once = capacity.at_once.get();
        let idle = (0..at_once).map(|_| Arc::new(ThreadPool::with_num_threads(1))).collect();
        Self {
            capacity,
            admission: Arc::new(Semaphore::new(
                at_once.saturating_add(capacity.waiting).min(Semaphore::MAX_PERMITS),
            )),
            running: Arc::new(Semaphore::new(at_once)),
            idle: Arc::new(Mutex::new(idle)),
        }
    }

    /// A permit, in order of arrival.
    ///
    /// # Errors
    /// At once, when too many wait already.
    pub(super) async fn acquire(&self) -> Result<Permit, Overloaded> {
        let overloaded = Overloaded { waiting: self.capacity.waiting };
        let admission = Arc::clone(&self.admission).try_acquire_owned().map_err(|_| overloaded)?;
        // Neither semaphore is ever closed, and there are as many threads as permits to run.
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| overloaded)?;
        let threads = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or(overloaded)?;
        Ok(Permit { threads, idle: Arc::clone(&self.idle), _running: running, _admission: admission })
    }
}

impl Permit {
    pub(super) fn threads(&self) -> Arc<ThreadPool> {
        Arc::clone(&self.threads)
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&self.threads));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pool(waiting: usize) -> PredictionPool {
        PredictionPool::new(Capacity { at_once: NonZeroUsize::MIN, waiting })
    }

    #[tokio::test]
    async fn a_prediction_is_refused_at_once_when_the_queue_is_full() {
        let pool = pool(1);
        let running = pool.acquire().await.expect("a first permit");
        let waiting = pool.acquire();
        tokio::pin!(waiting);
        assert!(futures_util::poll!(&mut waiting).is_pending(), "a second permit has to wait");
        assert_eq!(pool.acquire().await.err(), Some(Overloaded { waiting: 1 }));
        drop(running);
        assert!(waiting.await.is_ok(), "the one that waited has its permit");
    }

    #[tokio::test]
    async fn a_cancelled_prediction_leaves_the_queue() {
        let pool = pool(1);
        let running = pool.acquire().await.expect("a first permit");
        {
            let waiting = pool.acquire();
            tokio::pin!(waiting);
            assert!(futures_util::poll!(&mut waiting).is_pending());
        }
        let waiting = pool.acquire();
        tokio::pin!(waiting);
        assert!(futures_util::poll!(&mut waiting).is_pending(), "the place in the queue is free again");
        drop(running);
        assert!(waiting.await.is_ok());
    }
}
