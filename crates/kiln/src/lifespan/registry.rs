//! The state of each resource, for `/readyz` and the log.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use serde::Serialize;

use super::error::Failure;

/// A resource, as probes show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resource {
    /// The name that it was opened by.
    pub name: String,
    /// Its state.
    pub state: ResourceState,
    /// Milliseconds that it took to open, once it has.
    pub opened_in_ms: Option<u64>,
    /// Restarts since the start.
    pub restarts: u32,
}

/// The state of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ResourceState {
    /// Its future to open runs.
    Opening,
    /// In use.
    Open,
    /// Open, and failing its readiness check.
    Unavailable,
    /// Ended, and waiting to be started again.
    Restarting,
    /// Its close runs.
    Closing,
    /// Closed.
    Closed,
    /// Did not open, did not close, or died.
    Failed,
}

/// A view of all resources in the order in which they were opened; clones see the same.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    entries: Arc<RwLock<Vec<Resource>>>,
}

impl Resources {
    /// Every resource, in its state now.
    #[must_use]
    pub fn list(&self) -> Vec<Resource> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn opening(&self, name: &str) -> usize {
        tracing::debug!(resource = name, "opening");
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let (state, opened_in_ms) = (ResourceState::Opening, None);
        entries.push(Resource { name: name.to_owned(), state, opened_in_ms, restarts: 0 });
        entries.len() - 1
    }

    /// Whether no open resource fails its readiness check.
    #[must_use]
    pub fn are_available(&self) -> bool {
        let entries = self.entries.read().unwrap_or_else(PoisonError::into_inner);
        entries.iter().all(|entry| entry.state != ResourceState::Unavailable)
    }

    /// The place of the last resource with this name, which is added when there is none.
    pub(super) fn index_of(&self, name: &str) -> usize {
        let known = self.list().iter().rposition(|entry| entry.name == name);
        known.unwrap_or_else(|| {
            let index = self.opening(name);
            self.opened(index, Duration::ZERO);
            index
        })
    }

    /// Records the outcome of a readiness check.
    pub(super) fn checked(&self, index: usize, failure: Option<Failure>) {
        self.update(index, |entry| match (entry.state, failure) {
            (ResourceState::Open, Some(failure)) => {
                entry.state = ResourceState::Unavailable;
                tracing::warn!(resource = entry.name, "unavailable: readiness check {failure}");
            }
            (ResourceState::Unavailable, None) => {
                entry.state = ResourceState::Open;
                tracing::info!(resource = entry.name, "available again");
            }
            _ => {}
        });
    }

    pub(super) fn restarting(&self, index: usize, failure: &Failure, delay: Duration) {
        self.update(index, |entry| {
            entry.state = ResourceState::Restarting;
            tracing::warn!(resource = entry.name, retry_in = ?delay, "task {failure}");
        });
    }

    pub(super) fn restarted(&self, index: usize) {
        self.update(index, |entry| {
            entry.state = ResourceState::Open;
            entry.restarts = entry.restarts.saturating_add(1);
        });
    }

    pub(super) fn opened(&self, index: usize, took: Duration) {
        self.update(index, |entry| {
            entry.state = ResourceState::Open;
            entry.opened_in_ms = Some(u64::try_from(took.as_millis()).unwrap_or(u64::MAX));
            tracing::info!(resource = entry.name, ?took, "open");
        });
    }

    pub(super) fn closing(&self, index: usize) {
        self.update(index, |entry| {
            entry.state = ResourceState::Closing;
            tracing::debug!(resource = entry.name, "closing");
        });
    }

    pub(super) fn closed(&self, index: usize, took: Duration) {
        self.update(index, |entry| {
            entry.state = ResourceState::Closed;
            tracing::info!(resource = entry.name, ?took, "closed");
        });
    }

    /// Records a failure, which its caller reports.
    pub(super) fn failed(&self, index: usize) {
        self.update(index, |entry| entry.state = ResourceState::Failed);
    }

    fn update(&self, index: usize, change: impl FnOnce(&mut Resource)) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get_mut(index) {
            change(entry);
        }
    }
}
