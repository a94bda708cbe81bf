//! What happens around every request: it is counted, logged, told to come back by TLS where it came by TLS, and, while
//! draining, its client is asked to leave.

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
    head,
};
use crate::{
    assets::Assets,
    observe::RequestLog,
    phase::{Phase, Phases},
};

/// What there is around the requests of one worker.
#[derive(Clone)]
pub(super) struct Around {
    pub(super) activity: WorkerActivity,
    pub(super) phases: Phases,
    pub(super) max_head: usize,
    /// What is answered before any route is asked.
    pub(super) assets: Option<Assets>,
    /// For connections of TLS, and for them alone (RFC 6797 §7.2).
    pub(super) hsts: Option<HeaderValue>,
}

/// Serves one request with `next`.
pub(super) fn around<S>(
    Around { activity, phases, max_head, assets, hsts }: &Around,
    request: ServiceRequest,
    next: &S,
) -> impl Future<Output = Result<ServiceResponse<Watched>, Error>> + use<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<BoxBody>, Error = Error>,
{
    let guard = activity.request();
    let mut log = RequestLog::begin(&request);
    let (phases, hsts) = (phases.clone(), hsts.clone());
    let span = log.span();
    let ahead = || assets.as_ref()?.ahead(request.request());
    let answer = match head::refusal(&request, *max_head).or_else(ahead) {
        None => Either::Left(span.in_scope(|| next.call(request))),
        Some(answer) => Either::Right(ready(Ok(request.into_response(answer)))),
    };
    let answer = answer.instrument(span);
    async move {
        let mut response = match answer.await {
            Ok(response) => response,
            // Only a middleware of the adopter's own gets here: handlers and extractors answer. actix makes
            // the response further out, so it keeps the connection, whose next answer will close it.
            Err(mut error) => {
                log.failed(error.as_response_error().status_code());
                if let Some(hsts) = hsts {
                    error.add_response_mapper(move |mut response| {
                        secure(response.headers_mut(), &hsts);
                        response
                    });
                }
                return Err(error);
            }
        };
        if let Some(hsts) = hsts {
            secure(response.headers_mut(), &hsts);
        }
        let head = response.response_mut().head_mut();
        // A connection that is being upgraded carries no further request that could be told.
        if phases.current() >= Phase::Draining && !head.upgrade() {
            head.set_connection_type(ConnectionType::Close);
        }
        log.answered(&response);
        Ok(response.map_body(|_, body| Watched { body, log, _guard: guard }))
    }
}

/// An application's own word comes first.
fn secure(headers: &mut HeaderMap, hsts: &HeaderValue) {
    if !headers.contains_key(STRICT_TRANSPORT_SECURITY) {
        headers.insert(STRICT_TRANSPORT_SECURITY, hsts.clone());
    }
}

/// A body that knows how much of it went out, and holds the request in flight until then.
pub(super) struct Watched {
    body: BoxBody,
    log: RequestLog,
    _guard: RequestGuard,
}

impl MessageBody for Watched {
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
