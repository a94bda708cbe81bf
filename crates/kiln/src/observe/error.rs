//! Why the log could not be set up.

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
