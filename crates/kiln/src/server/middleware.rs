//! The middleware around every request: acceptance, counts, the log, default headers, and `Connection: close` on the last
//! response.

use std::{
    future::{Future, ready},
    pin::Pin,
    task::{Context, Poll},
};

use actix_web::{
    Error, HttpMessage as _, HttpResponse,
    body::{BodySize, BoxBody, MessageBody},
    dev::{Service, ServiceRequest, ServiceResponse},
    http::{ConnectionType, StatusCode, Version},
    web::Bytes,
};
use futures_util::future::Either;
use tracing::Instrument;

use super::{
    acceptance::Acceptance,
    activity::{RequestGuard, WorkerActivity},
    default_headers::DefaultHeaders,
    exchange::{AnswerGuard, Exchange},
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
    pub(super) acceptance: Acceptance,
    /// Answered before any route.
    pub(super) assets: Option<Assets>,
    pub(super) headers: DefaultHeaders,
}

impl Middleware {
    /// Serves one request with `next`.
    pub(super) fn serve<S>(
        &self,
        mut request: ServiceRequest,
        next: &S,
    ) -> impl Future<Output = Result<ServiceResponse<TrackedBody>, Error>> + use<S>
    where
        S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error>,
    {
        let Self { activity, phases, acceptance, assets, headers } = self;
        let guard = activity.request();
        let exchange = Exchange::of(&request);
        let answer_guard = AnswerGuard::new(exchange.as_ref());
        if let Some(exchange) = &exchange {
            let body = request.take_payload();
            request.set_payload(exchange.followed(body));
        }
        let mut log = RequestLog::begin(&request);
        let (phases, headers) = (phases.clone(), headers.clone());
        let span = log.span();
        let ahead = || assets.as_ref()?.respond_early(request.request());
        let answer = match acceptance.check(&request).or_else(ahead) {
            None => Either::Left(span.in_scope(|| next.call(request))),
            Some(answer) => Either::Right(ready(Ok(request.into_response(answer)))),
        };
        let answer = answer.instrument(span);
        async move {
            let mut response = match answer.await {
                Ok(response) => timed_out(response, exchange.as_ref()),
                Err(error) => {
                    log.failed(error.as_response_error().status_code());
                    let is_cut = exchange.filter(Exchange::is_cut).inspect(Exchange::set_last).is_some();
                    return Err(completed(error, headers, is_cut));
                }
            };
            headers.complete(response.status(), response.headers_mut());
            close_if_last(&mut response, exchange.as_ref(), phases.current());
            log.answered(&response);
            Ok(response.map_body(|_, body| TrackedBody { body, log, _guards: (guard, answer_guard) }))
        }
    }
}

/// The response, or 408 in place of the error of a reader whose body came too late (RFC 9110 §15.5.9).
fn timed_out(response: ServiceResponse<BoxBody>, exchange: Option<&Exchange>) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let is_late = exchange.is_some_and(Exchange::is_late);
    if is_late && (status.is_client_error() || status.is_server_error()) {
        response.into_response(HttpResponse::new(StatusCode::REQUEST_TIMEOUT))
    } else {
        response
    }
}

/// Says that the connection ends with this response, where it does: during a drain, before the end of the request, and
/// without a place.
fn close_if_last(response: &mut ServiceResponse<BoxBody>, exchange: Option<&Exchange>, phase: Phase) {
    let head = response.response_mut().head_mut();
    let is_cut = exchange.is_some_and(|exchange| exchange.is_cut() || exchange.is_last());
    // A connection that is being upgraded carries no further request.
    if head.upgrade() || head.status == StatusCode::SWITCHING_PROTOCOLS {
        exchange.inspect(|exchange| exchange.set_upgraded());
    } else if is_cut || phase >= Phase::Draining {
        head.set_connection_type(ConnectionType::Close);
    }
    if let Some(exchange) = exchange {
        exchange.withdraw_permission();
        // actix sets the version later, and reuses heads without a reset of it: one of HTTP/1.0 would mean a close.
        head.version = Version::HTTP_11;
        if head.connection_type() == ConnectionType::Close {
            exchange.set_last();
        }
    }
}

/// The error of an adopter's middleware (handlers and extractors answer), with the headers in its response. actix makes
/// that further out, so it keeps the connection during a drain, and the next answer will close it.
fn completed(mut error: Error, headers: DefaultHeaders, is_cut: bool) -> Error {
    error.add_response_mapper(move |mut response| {
        headers.complete(response.status(), response.headers_mut());
        if is_cut {
            response.head_mut().set_connection_type(ConnectionType::Close);
        }
        response
    });
    error
}

/// A body that counts its bytes as they are sent, and keeps the request in flight until then.
pub(super) struct TrackedBody {
    body: BoxBody,
    log: RequestLog,
    _guards: (RequestGuard, AnswerGuard),
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
