//! The measurements of one request.

use std::time::Duration;

/// One answered request, as [`metrics`](super::metrics) count it.
#[cfg_attr(not(feature = "metrics"), expect(dead_code, reason = "nothing is counted"))]
pub(super) struct RequestSample<'a> {
    pub(super) method: &'static str,
    pub(super) route: &'a str,
    pub(super) status: u16,
    pub(super) coding: &'static str,
    /// Bytes of the body that were sent.
    pub(super) bytes: usize,
    pub(super) took: Duration,
}
