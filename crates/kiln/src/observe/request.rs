//! One line for each request, when its last byte has been handed over, and a span around what it causes.

use std::{
    sync::atomic::{AtomicBool, Ordering::Relaxed},
    time::Instant,
};

use actix_web::{
    dev::{ServiceRequest, ServiceResponse},
    http::{Method, StatusCode, header},
};
use tracing::{Level, Span};

use super::{
    metrics,
    request_span::{RequestHead, TARGET},
    sample::RequestSample,
};

/// The record of one request; writes its line when dropped.
///
/// Answers that are the server's fault are errors and always wanted; the rest is for those who ask.
pub(crate) struct RequestLog {
    started: Instant,
    head: Option<RequestHead>,
    span: Span,
    status: Option<StatusCode>,
    route: Option<String>,
    coding: &'static str,
    bytes: usize,
}

/// The route of what no pattern matched: assets, and what nobody knows.
const DEFAULT: &str = "default";

/// How a body is sent as it is (RFC 9110 §12.5.3).
const IDENTITY: &str = "identity";

/// Whether some directive of the log is about spans. Whether it lets a request's through is not known before the span
/// is there.
static SPANS: AtomicBool = AtomicBool::new(false);

pub(super) fn set_span_filter(wanted: bool) {
    SPANS.store(wanted, Relaxed);
}

/// Whether somebody may want a line, or a span, of each request.
pub(crate) fn logs_requests() -> bool {
    SPANS.load(Relaxed) || tracing::enabled!(target: TARGET, Level::DEBUG)
}

/// What is counted of a request of which nobody is told; counts it when dropped.
pub(crate) struct CountedRequest {
    started: Instant,
    status: u16,
    coding: &'static str,
    bytes: usize,
}

impl CountedRequest {
    /// Begins with what is known of the answer.
    pub(crate) fn begin(status: u16, coding: &'static str) -> Self {
        Self { started: Instant::now(), status, coding, bytes: 0 }
    }

    /// This many more bytes of the body went out.
    pub(crate) fn sent(&mut self, bytes: usize) {
        self.bytes += bytes;
    }
}

impl Drop for CountedRequest {
    fn drop(&mut self) {
        if metrics::enabled() {
            let Self { started, status, coding, bytes } = *self;
            let took = started.elapsed();
            metrics::record(&RequestSample { method: "GET", route: DEFAULT, status, coding, bytes, took });
        }
    }
}

impl RequestLog {
    /// Begins the record of `request`.
    pub(crate) fn begin(request: &ServiceRequest) -> Self {
        // A server's fault is only known afterwards, so the head is kept for every request whose line some
        // filter could let through.
        let wanted = tracing::enabled!(target: TARGET, Level::ERROR) || metrics::enabled();
        let head = wanted.then(|| RequestHead::of(request));
        let span = head.as_ref().map_or_else(Span::none, RequestHead::span);
        #[cfg(feature = "otel")]
        super::otel::set_parent(&span, request.headers());
        let (status, route) = (None, None);
        Self { started: Instant::now(), head, span, status, route, coding: IDENTITY, bytes: 0 }
    }

    /// What is told while the request is worked on stands in this span.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// The head of the answer is known; what only lines and metrics show is looked up when there are any.
    pub(crate) fn answered<B>(&mut self, response: &ServiceResponse<B>) {
        let status = response.status();
        self.status = Some(status);
        if status.is_server_error() || metrics::enabled() || tracing::enabled!(target: TARGET, Level::DEBUG) {
            self.route = response.request().match_pattern();
            self.coding = coding(response);
        }
    }

    /// The application failed in a place of its own making; the answer is made further out.
    pub(crate) fn failed(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    /// This many more bytes of the body went out.
    pub(crate) fn sent(&mut self, bytes: usize) {
        self.bytes += bytes;
    }
}

/// Known codings only: what a handler writes there is text of its own.
fn coding<B>(response: &ServiceResponse<B>) -> &'static str {
    let value = response.headers().get(header::CONTENT_ENCODING).map(header::HeaderValue::as_bytes);
    match value {
        None | Some(b"identity") => IDENTITY,
        Some(b"br") => "br",
        Some(b"gzip") => "gzip",
        Some(b"zstd") => "zstd",
        Some(_) => "other",
    }
}

impl Drop for RequestLog {
    fn drop(&mut self) {
        let Some(RequestHead { id, method, path }) = &self.head else { return };
        let (coding, bytes, took) = (self.coding, self.bytes, self.started.elapsed());
        let route = self.route.as_deref().unwrap_or_default();
        let _entered = self.span.enter();
        let Some(status) = self.status else {
            tracing::debug!(target: TARGET, %id, %method, path, bytes, ?took, "abandoned by the client");
            return;
        };
        if !self.span.is_disabled() {
            self.span.record("route", route).record("status", status.as_u16());
            self.span.record("bytes", bytes).record("coding", coding);
        }
        if metrics::enabled() {
            let route = if route.is_empty() { DEFAULT } else { route };
            let (method, status) = (standard(method), status.as_u16());
            metrics::record(&RequestSample { method, route, status, coding, bytes, took });
        }
        if status.is_server_error() {
            let status = status.as_u16();
            tracing::error!(target: TARGET, %id, %method, path, route, status, bytes, coding, ?took, "failed");
        } else {
            let status = status.as_u16();
            tracing::debug!(target: TARGET, %id, %method, path, route, status, bytes, coding, ?took, "answered");
        }
    }
}

/// A client may make methods up, and each would be a series of its own.
fn standard(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "PATCH" => "PATCH",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}
