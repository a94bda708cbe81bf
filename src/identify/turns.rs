//! How many predictions run at once, and how many may wait for their turn.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use rten::ThreadPool;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How much work is taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// How many predictions run at once.
    pub at_once: NonZeroUsize,
    /// How many more may wait.
    pub waiting: usize,
}

/// As many predictions as are allowed run and wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{waiting} files are waiting to be identified already")]
pub struct Overloaded {
    /// How many wait.
    pub waiting: usize,
}

/// Hands out the threads on which predictions run.
///
/// A thread for each prediction: spread over several, one prediction ends a little sooner, but fewer end
/// in a second. The pool that the network's library would take otherwise has no bound of ours.
#[derive(Debug)]
pub(super) struct Turns {
    capacity: Capacity,
    admission: Arc<Semaphore>,
    running: Arc<Semaphore>,
    idle: Arc<Mutex<Vec<Arc<ThreadPool>>>>,
}

/// The right to run one prediction; the thread is free again when this is dropped.
pub(super) struct Turn {
    threads: Arc<ThreadPool>,
    idle: Arc<Mutex<Vec<Arc<ThreadPool>>>>,
    // Dropped after `Turn::drop` has put the thread back, so that the next turn finds it.
    _running: OwnedSemaphorePermit,
    _admission: OwnedSemaphorePermit,
}

impl Capacity {
    /// A prediction on each core that this process may use, and `waiting` more in line.
    #[must_use]
    pub fn of_this_machine(waiting: usize) -> Self {
        let at_once = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self { at_once, waiting }
    }
}

impl Turns {
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

    /// Waits for a turn, in order of arrival.
    ///
    /// # Errors
    /// At once, when too many wait already.
    pub(super) async fn take(&self) -> Result<Turn, Overloaded> {
        let overloaded = Overloaded { waiting: self.capacity.waiting };
        let admission = Arc::clone(&self.admission).try_acquire_owned().map_err(|_| overloaded)?;
        // Neither semaphore is ever closed, and there are as many threads as permits to run.
        let running = Arc::clone(&self.running).acquire_owned().await.map_err(|_| overloaded)?;
        let threads = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop().ok_or(overloaded)?;
        Ok(Turn { threads, idle: Arc::clone(&self.idle), _running: running, _admission: admission })
    }
}

impl Turn {
    pub(super) fn threads(&self) -> Arc<ThreadPool> {
        Arc::clone(&self.threads)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&self.threads));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turns(waiting: usize) -> Turns {
        Turns::new(Capacity { at_once: NonZeroUsize::MIN, waiting })
    }

    #[tokio::test]
    async fn who_finds_the_line_full_is_told_at_once() {
        let turns = turns(1);
        let running = turns.take().await.expect("a first turn");
        let waiting = turns.take();
        tokio::pin!(waiting);
        assert!(futures_util::poll!(&mut waiting).is_pending(), "a second turn has to wait");
        assert_eq!(turns.take().await.err(), Some(Overloaded { waiting: 1 }));
        drop(running);
        assert!(waiting.await.is_ok(), "the turn of the one who waited has come");
    }

    #[tokio::test]
    async fn who_stops_waiting_leaves_the_line() {
        let turns = turns(1);
        let running = turns.take().await.expect("a first turn");
        {
            let waiting = turns.take();
            tokio::pin!(waiting);
            assert!(futures_util::poll!(&mut waiting).is_pending());
        }
        let waiting = turns.take();
        tokio::pin!(waiting);
        assert!(futures_util::poll!(&mut waiting).is_pending(), "the place in line is free again");
        drop(running);
        assert!(waiting.await.is_ok());
    }
}
