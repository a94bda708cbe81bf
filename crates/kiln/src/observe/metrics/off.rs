//! Metrics without the feature `metrics`: none.

use std::future::{Pending, pending};

use super::{error::MetricsError, sample::RequestSample};
use crate::{lifespan::Resource, phase::Phase};

/// Does nothing.
///
/// # Errors
/// Never.
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
