//! One line for each request, when its last byte has been handed over.

use std::time::Instant;

use actix_web::{
    dev::ServiceRequest,
    http::{Method, StatusCode},
};
use tracing::Level;

/// Where request lines go; part of the crate's interface, since people write it into filters.
const TARGET: &str = "kiln::request";

/// The record of one request; writes its line when dropped.
///
/// Answers that are the server's fault are errors and always wanted; the rest is for those who ask.
pub(crate) struct RequestLog {
    started: Instant,
    head: Option<Head>,
    status: Option<StatusCode>,
    route: Option<String>,
    bytes: usize,
}

struct Head {
    method: Method,
    path: String,
}

impl RequestLog {
    /// Begins the record of `request`.
    pub(crate) fn begin(request: &ServiceRequest) -> Self {
        // A server's fault is only known afterwards, so the head is kept for every request whose line some
        // filter could let through.
        let wanted = tracing::enabled!(target: TARGET, Level::ERROR);
        let head = wanted.then(|| Head { method: request.method().clone(), path: request.path().to_owned() });
        Self { started: Instant::now(), head, status: None, route: None, bytes: 0 }
    }

    /// The head of the answer is known; `route` is looked up only when a line will show it.
    pub(crate) fn answered(&mut self, status: StatusCode, route: impl FnOnce() -> Option<String>) {
        self.status = Some(status);
        if status.is_server_error() || tracing::enabled!(target: TARGET, Level::DEBUG) {
            self.route = route();
        }
    }

    /// This many more bytes of the body went out.
    pub(crate) fn sent(&mut self, bytes: usize) {
        self.bytes += bytes;
    }
}

impl Drop for RequestLog {
    fn drop(&mut self) {
        let Some(Head { method, path }) = &self.head else { return };
        let (bytes, took) = (self.bytes, self.started.elapsed());
        let route = self.route.as_deref().unwrap_or_default();
        match self.status {
            Some(status) if status.is_server_error() => {
                tracing::error!(target: TARGET, %method, path, route, status = status.as_u16(), bytes, ?took, "failed");
            }
            Some(status) => {
                tracing::debug!(target: TARGET, %method, path, route, status = status.as_u16(), bytes, ?took, "answered");
            }
            None => {
                tracing::debug!(target: TARGET, %method, path, bytes, ?took, "abandoned by the client");
            }
        }
    }
}
