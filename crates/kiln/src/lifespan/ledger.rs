//! What each resource is doing, for `/readyz` and the log.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use serde::Serialize;

use super::Failure;

/// A resource as probes show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Resource {
    /// The name under which it was entered.
    pub name: String,
    /// What it is doing.
    pub state: ResourceState,
    /// How long it took to open, in milliseconds, once it has.
    pub opened_in_ms: Option<u64>,
}

/// What a resource is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ResourceState {
    /// On its way up.
    Opening,
    /// In use.
    Open,
    /// On its way down.
    Closing,
    /// Down.
    Closed,
    /// Did not open, did not close, or died.
    Failed,
}

/// A view of all resources in the order in which they were entered; clones see the same.
#[derive(Clone, Debug, Default)]
pub struct Resources {
    entries: Arc<RwLock<Vec<Resource>>>,
}

impl Resources {
    /// What every resource is doing now.
    #[must_use]
    pub fn list(&self) -> Vec<Resource> {
        self.entries.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn opening(&self, name: &str) -> usize {
        tracing::debug!(resource = name, "opening");
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        entries.push(Resource { name: name.to_owned(), state: ResourceState::Opening, opened_in_ms: None });
        entries.len() - 1
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

    pub(super) fn failed(&self, index: usize, failure: &Failure) {
        self.update(index, |entry| {
            entry.state = ResourceState::Failed;
            tracing::error!(resource = entry.name, "{failure}");
        });
    }

    fn update(&self, index: usize, change: impl FnOnce(&mut Resource)) {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.get_mut(index) {
            change(entry);
        }
    }
}
