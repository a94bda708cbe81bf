//! Heads that are refused whatever they ask for. actix refuses by itself what breaks the grammar, and what is
//! longer than 128 KiB; this refuses the rest, once the head is there, and says why.

use actix_web::{
    HttpResponse,
    dev::ServiceRequest,
    http::{StatusCode, Version, header::HOST},
};

/// The longest that can be asked for, in bytes: more is refused before it gets here.
pub const MAX_HEAD: usize = 128 * 1024;

/// The answer to a request that does not say exactly once to which host it goes (RFC 9112 §3.2), or whose target
/// and fields together have more than `limit` bytes (RFC 9110 §15.5.15, RFC 6585 §5); none to any other.
pub(super) fn refusal(request: &ServiceRequest, limit: usize) -> Option<HttpResponse> {
    // ": " and the end of the line.
    const BETWEEN: usize = 4;
    if request.version() == Version::HTTP_11 && request.headers().get_all(HOST).count() != 1 {
        return Some(HttpResponse::new(StatusCode::BAD_REQUEST));
    }
    let uri = request.uri();
    let target = uri.path().len() + uri.query().map_or(0, str::len);
    if target > limit {
        return Some(HttpResponse::new(StatusCode::URI_TOO_LONG));
    }
    let fields = request.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + BETWEEN);
    let too_long = target + fields.sum::<usize>() > limit;
    too_long.then(|| HttpResponse::new(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE))
}
