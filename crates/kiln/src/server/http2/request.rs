//! Requests, from `h2` to actix.

use std::{future::Future, io, net::SocketAddr, pin::Pin};

use actix_http::{Payload, Request, error::PayloadError};
use actix_web::{
    HttpMessage as _,
    http::header::{self, HeaderMap, HeaderValue},
    web::Bytes,
};
use futures_util::{StreamExt, stream};
use h2::RecvStream;
use tokio::time::{Instant, sleep_until};

use super::discard_allowance::DiscardAllowance;
use crate::server::{
    body_wait::{BodyLimits, BodyWait},
    client_time,
    exchange::Exchange,
    worker::ConnectionContext,
};

/// The request as actix knows it.
pub(super) fn into_actix(
    request: http::Request<RecvStream>,
    peer: Option<SocketAddr>,
    context: &ConnectionContext,
    allowance: &DiscardAllowance,
) -> Request {
    let (parts, body) = request.into_parts();
    let mut request = Request::with_payload(Payload::None);
    if !body.is_end_stream() {
        let exchange = Exchange::default();
        request =
            Request::with_payload(ReceivedBody::new(body, context, &exchange, allowance).into_payload());
        request.extensions_mut().insert(exchange);
    }
    let head = request.head_mut();
    let host = parts.uri.authority().map(|authority| HeaderValue::from_str(authority.as_str()));
    head.uri = parts.uri;
    head.method = parts.method;
    head.version = parts.version;
    head.headers = parts.headers.into();
    join_cookies(&mut head.headers);
    head.peer_addr = peer;
    // Handlers find the host where HTTP/1.1 has it (RFC 9113 §8.3.1).
    if let Some(Ok(host)) = host
        && !head.headers.contains_key(header::HOST)
    {
        head.headers.insert(header::HOST, host);
    }
    request
}

/// Joins the lines of `Cookie`: HTTP/2 allows several, HTTP/1.1 one (RFC 9113 §8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    let crumbs: Vec<_> = headers.get_all(header::COOKIE).map(HeaderValue::as_bytes).collect();
    if crumbs.len() > 1
        && let Ok(cookie) = HeaderValue::from_bytes(&crumbs.join(&b"; "[..]))
    {
        headers.insert(header::COOKIE, cookie);
    }
}

/// The body of a request, with its deadlines.
struct ReceivedBody {
    stream: RecvStream,
    exchange: Exchange,
    allowance: DiscardAllowance,
    limits: BodyLimits,
    wait: BodyWait,
    /// Ends when the drain leaves no more time to bodies.
    drain: Pin<Box<dyn Future<Output = ()>>>,
}

impl ReceivedBody {
    fn new(
        stream: RecvStream,
        ConnectionContext { options, phases, .. }: &ConnectionContext,
        exchange: &Exchange,
        allowance: &DiscardAllowance,
    ) -> Self {
        let (phases, drain) = (phases.clone(), options.drain);
        let drain = Box::pin(async move { client_time::ended(&phases, drain).await });
        let (exchange, allowance, limits) = (exchange.clone(), allowance.clone(), BodyLimits::of(options));
        Self { stream, exchange, allowance, limits, wait: BodyWait::default(), drain }
    }

    fn into_payload(self) -> Payload {
        let chunks = stream::unfold(Some(self), async |body| {
            let mut body = body?;
            let chunk = body.next().await?;
            // Nothing follows an error.
            let body = chunk.is_ok().then_some(body);
            Some((chunk, body))
        });
        // Multipart readers poll beyond the end, where an unfolded stream would panic.
        Payload::Stream { payload: Box::pin(chunks.fuse()) }
    }

    /// The next chunk; each makes room for another in the flow-control window.
    async fn next(&mut self) -> Option<Result<Bytes, PayloadError>> {
        let deadline = self.wait.deadline(self.limits, Instant::now);
        let chunk = tokio::select! {
            biased;
            chunk = self.stream.data() => chunk?,
            () = sleep_until(deadline) => return Some(Err(self.late())),
            () = &mut self.drain => return Some(Err(self.late())),
        };
        let chunk = chunk.and_then(|chunk| {
            self.stream.flow_control().release_capacity(chunk.len())?;
            Ok(chunk)
        });
        if let Ok(chunk) = &chunk {
            self.wait.record(chunk.len(), Instant::now);
            self.allowance.give_back(chunk.len());
        }
        Some(chunk.map_err(|error| PayloadError::Io(io::Error::other(error))))
    }

    fn late(&self) -> PayloadError {
        self.exchange.set_late();
        PayloadError::Io(io::ErrorKind::TimedOut.into())
    }
}
