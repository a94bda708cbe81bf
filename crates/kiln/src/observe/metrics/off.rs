//! What is left of metrics without the feature `metrics`: nothing is counted, and nobody can ask.

use std::{
    convert::Infallible,
    fmt,
    future::{Pending, pending},
};

use super::sample::RequestSample;
use crate::{lifespan::Resource, phase::Phase};

/// Nothing is recorded, so that nothing can be wrong with it.
#[derive(Debug)]
pub struct MetricsError(Infallible);

impl fmt::Display for MetricsError {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl std::error::Error for MetricsError {}

/// Has nothing to begin.
///
/// # Errors
/// Never.
#[expect(clippy::must_use_candidate, reason = "as little as its twin")]
pub fn install() -> Result<(), MetricsError> {
    Ok(())
}

pub(crate) fn enabled() -> bool {
    false
}

pub(crate) fn render() -> String {
    String::new()
}

pub(crate) fn upkeep() -> Pending<()> {
    pending()
}

pub(super) fn record(_: &RequestSample<'_>) {}

pub(crate) fn update_gauges(_: Phase, _: &[Resource], _: usize) {}
