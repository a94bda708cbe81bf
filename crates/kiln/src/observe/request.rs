//! The record of a request: a line in the log when its last byte has been sent, and a span while it is handled.

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
    refusals::Refusals,
    request_span::{RequestHead, TARGET},
    sample::RequestSample,
};

/// The record of one request; writes its line when dropped.
///
/// Answers with a 5xx status are errors and always logged, apart from 503 with `Retry-After`: a server that
/// refuses for load must not write a line for each refusal, so a warning stands for many. The rest is logged at level `debug`.
pub(crate) struct RequestLog {
    started: Instant,
    head: Option<RequestHead>,
    span: Span,
    status: Option<StatusCode>,
    route: Option<String>,
    coding: &'static str,
    bytes: usize,
    /// Reason of a refusal for load, in the words of its error.
    refusal: Option<String>,
}

/// Label of requests without a matching route: assets, and unknown paths.
const DEFAULT: &str = "default";

/// Label of bodies without a content coding (RFC 9110 §12.5.3).
const IDENTITY: &str = "identity";

/// Whether a directive of the log names spans. Only an existing span shows whether it applies to that of a request.
/// Global because the log is.
static SPANS: AtomicBool = AtomicBool::new(false);

/// Global because the log is.
static REFUSALS: Refusals = Refusals::new();

pub(super) fn set_span_filter(wanted: bool) {
    SPANS.store(wanted, Relaxed);
}

/// Whether the log may want a line, or a span, for each request.
pub(crate) fn logs_requests() -> bool {
    SPANS.load(Relaxed) || tracing::enabled!(target: TARGET, Level::DEBUG)
}

/// A request that is not logged; counted when dropped.
pub(crate) struct CountedRequest {
    started: Instant,
    status: u16,
    coding: &'static str,
    bytes: usize,
}

impl CountedRequest {
    /// Begins with the head of the answer.
    pub(crate) fn begin(status: u16, coding: &'static str) -> Self {
        Self { started: Instant::now(), status, coding, bytes: 0 }
    }

    /// Adds bytes of the body that were sent.
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
        // A 5xx status is only known afterwards, so the head is kept for every request whose line some filter could
        // let through.
        let wanted = tracing::enabled!(target: TARGET, Level::ERROR) || metrics::enabled();
        let head = wanted.then(|| RequestHead::of(request));
        let span = head.as_ref().map_or_else(Span::none, RequestHead::span);
        #[cfg(feature = "otel")]
        super::otel::set_parent(&span, request.headers());
        let (status, route) = (None, None);
        Self { started: Instant::now(), head, span, status, route, coding: IDENTITY, bytes: 0, refusal: None }
    }

    /// The span of all lines that are logged while the request is handled.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Records the head of the answer; route and coding only where a line or metrics show them.
    pub(crate) fn answered<B>(&mut self, response: &ServiceResponse<B>) {
        let status = response.status();
        self.status = Some(status);
        if status.is_server_error() || metrics::enabled() || tracing::enabled!(target: TARGET, Level::DEBUG) {
            self.route = response.request().match_pattern();
            self.coding = coding(response);
        }
        // A probe that is not ready has the same status, and does not say when to come back.
        if status == StatusCode::SERVICE_UNAVAILABLE && response.headers().contains_key(header::RETRY_AFTER) {
            let reason = response.response().error().map(ToString::to_string);
            self.refusal = Some(reason.unwrap_or_default());
        }
    }

    /// Records an error of a middleware of the application, whose answer is made further out.
    pub(crate) fn failed(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    /// Adds bytes of the body that were sent.
    pub(crate) fn sent(&mut self, bytes: usize) {
        self.bytes += bytes;
    }
}

/// Label of the content coding. Handlers may write any text, so unknown ones share a label.
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
        let (is_error, status) = (status.is_server_error() && self.refusal.is_none(), status.as_u16());
        if !self.span.is_disabled() {
            self.span.record("route", route).record("status", status);
            self.span.record("bytes", bytes).record("coding", coding);
        }
        if metrics::enabled() {
            let route = if route.is_empty() { DEFAULT } else { route };
            let method = standard(method);
            metrics::record(&RequestSample { method, route, status, coding, bytes, took });
        }
        if let Some(reason) = &self.refusal
            && let Some(count) = REFUSALS.count(Instant::now())
        {
            tracing::warn!(target: TARGET, count, %id, %method, path, route, reason, "refused for load");
        }
        if is_error {
            tracing::error!(target: TARGET, %id, %method, path, route, status, bytes, coding, ?took, "failed");
        } else {
            tracing::debug!(target: TARGET, %id, %method, path, route, status, bytes, coding, ?took, "answered");
        }
    }
}

/// Label of the method. Clients may invent methods, and each would be a series of its own.
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
