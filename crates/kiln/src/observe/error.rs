//! Errors of the log and of metrics.

use crate::lifespan::BoxError;

/// The log could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("cannot set up the log: {0}")]
pub struct ObserveError(#[source] BoxError);

impl ObserveError {
    pub(super) fn new(cause: impl Into<BoxError>) -> Self {
        Self(cause.into())
    }
}

/// The metrics cannot be recorded.
#[derive(Debug, thiserror::Error)]
#[error("cannot record metrics: another recorder is installed in this process")]
pub struct MetricsError;
