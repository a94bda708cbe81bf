//! The span of a request, and the fields by which the log identifies it.

use actix_web::{dev::ServiceRequest, http::Method};
use tracing::{Span, field};

use super::request_id::RequestId;

/// Target of request lines and spans; part of the crate's interface, since people write it into filters.
pub(super) const TARGET: &str = "kiln::request";

/// Identity of a request in the log.
pub(super) struct RequestHead {
    pub(super) id: RequestId,
    pub(super) method: Method,
    pub(super) path: String,
}

impl RequestHead {
    pub(super) fn of(request: &ServiceRequest) -> Self {
        Self {
            id: RequestId::of(request.headers()),
            method: request.method().clone(),
            path: request.path().to_owned(),
        }
    }

    /// A span that later takes the fields of the answer as well.
    pub(super) fn span(&self) -> Span {
        let Self { id, method, path } = self;
        tracing::debug_span!(
            target: TARGET, "request", %id, %method, path,
            route = field::Empty, status = field::Empty, bytes = field::Empty, coding = field::Empty,
        )
    }
}
