//! The first required task that died, for the server to drain and the process to exit with.

use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;

use super::error::TaskDied;

/// The first fatal end of a task; clones share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct FatalTask {
    died: CancellationToken,
    cause: Arc<Mutex<Option<TaskDied>>>,
}

impl FatalTask {
    /// Waits until a required task has died.
    pub(crate) async fn died(&self) {
        self.died.cancelled().await;
    }

    /// The task that died first, at the first call.
    pub(crate) fn take(&self) -> Option<TaskDied> {
        self.cause.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Records the end of a task, unless another one died before.
    pub(super) fn record(&self, task: TaskDied) {
        let mut cause = self.cause.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.died.is_cancelled() {
            *cause = Some(task);
            self.died.cancel();
        }
    }
}
