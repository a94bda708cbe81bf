//! Requests, from `h2` to actix.

use std::{io, net::SocketAddr};

use actix_http::{Payload, Request, error::PayloadError};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use futures_util::{StreamExt, stream};
use h2::RecvStream;

/// The request as actix knows it.
pub(super) fn into_actix(request: http::Request<RecvStream>, peer: Option<SocketAddr>) -> Request {
    let (parts, body) = request.into_parts();
    let mut request = Request::with_payload(payload(body));
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

/// The body of the request; each chunk that is read makes room for another in the flow-control window.
fn payload(body: RecvStream) -> Payload {
    if body.is_end_stream() {
        return Payload::None;
    }
    let chunks = stream::unfold(body, async |mut body| {
        let chunk = body.data().await?.and_then(|chunk| {
            body.flow_control().release_capacity(chunk.len())?;
            Ok(chunk)
        });
        Some((chunk.map_err(|error| PayloadError::Io(io::Error::other(error))), body))
    });
    // Multipart readers poll beyond the end, where an unfolded stream would panic.
    Payload::Stream { payload: Box::pin(chunks.fuse()) }
}
