//! The middleware around every request: counts, the log, HSTS where it came by TLS, and `Connection: close` while
//! draining.

use std::{
    future::{Future, ready},
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    Error,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse},
    http::{
        ConnectionType,
        header::{HeaderMap, HeaderValue, STRICT_TRANSPORT_SECURITY},
    },
    web::Bytes,
};
use futures_util::future::Either;
use tracing::Instrument;

use super::{
    activity::{RequestGuard, WorkerActivity},
    head_limits,
};
use crate::{
    assets::Assets,
    observe::RequestLog,
    phase::{Phase, Phases},
};

/// The middleware of one worker.
#[derive(Clone)]
pub(super) struct Middleware {
    pub(super) activity: WorkerActivity,
    pub(super) phases: Phases,
    pub(super) max_head: usize,
    /// Answered before any route.
    pub(super) assets: Option<Assets>,
    /// Sent with TLS alone (RFC 6797 §7.2).
    pub(super) hsts: Option<HeaderValue>,
}

impl Middleware {
    /// Serves one request with `next`.
    pub(super) fn serve<S>(
        &self,
        request: ServiceRequest,
        next: &S,
    ) -> impl Future<Output = Result<ServiceResponse<TrackedBody>, Error>> + use<S>
    where
        S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error>,
    {
        let Self { activity, phases, max_head, assets, hsts } = self;
        let guard = activity.request();
        let mut log = RequestLog::begin(&request);
        let (phases, hsts) = (phases.clone(), hsts.clone());
        let span = log.span();
        let ahead = || assets.as_ref()?.respond_early(request.request());
        let answer = match head_limits::check(&request, *max_head).or_else(ahead) {
            None => Either::Left(span.in_scope(|| next.call(request))),
            Some(answer) => Either::Right(ready(Ok(request.into_response(answer)))),
        };
        let answer = answer.instrument(span);
        async move {
            let mut response = match answer.await {
                Ok(response) => response,
                Err(error) => {
                    log.failed(error.as_response_error().status_code());
                    return Err(with_hsts(error, hsts));
                }
            };
            if let Some(hsts) = hsts {
                add_hsts(response.headers_mut(), &hsts);
            }
            let head = response.response_mut().head_mut();
            // A connection that is being upgraded carries no further request.
            if phases.current() >= Phase::Draining && !head.upgrade() {
                head.set_connection_type(ConnectionType::Close);
            }
            log.answered(&response);
            Ok(response.map_body(|_, body| TrackedBody { body, log, _guard: guard }))
        }
    }
}

/// Adds HSTS, unless the application has set its own.
fn add_hsts(headers: &mut HeaderMap, hsts: &HeaderValue) {
    if !headers.contains_key(STRICT_TRANSPORT_SECURITY) {
        headers.insert(STRICT_TRANSPORT_SECURITY, hsts.clone());
    }
}

/// The error of an adopter's middleware (handlers and extractors answer), with HSTS in its response. actix makes that
/// further out, so it keeps the connection, whose next answer will close it.
fn with_hsts(mut error: Error, hsts: Option<HeaderValue>) -> Error {
    if let Some(hsts) = hsts {
        error.add_response_mapper(move |mut response| {
            add_hsts(response.headers_mut(), &hsts);
            response
        });
    }
    error
}

/// A body that counts its bytes as they are sent, and keeps the request in flight until then.
pub(super) struct TrackedBody {
    body: BoxBody,
    log: RequestLog,
    _guard: RequestGuard,
}

impl MessageBody for TrackedBody {
    type Error = Box<dyn std::error::Error>;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let chunk = Pin::new(&mut self.body).poll_next(context);
        if let Poll::Ready(Some(Ok(bytes))) = &chunk {
            self.log.sent(bytes.len());
        }
        chunk
    }
}
