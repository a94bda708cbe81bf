//! Limits of request heads. actix itself rejects heads that break the grammar or exceed 128 KiB; these apply to the
//! rest, once the head is complete.

use actix_web::{
    HttpResponse,
    dev::ServiceRequest,
    http::{StatusCode, Version, header::HOST},
};

use super::hosts;

/// The upper bound of [`ServerOptions::max_head`](super::ServerOptions::max_head), in bytes: actix rejects longer
/// heads.
pub const MAX_HEAD: usize = 128 * 1024;

/// The error response to a request that does not name exactly one host, or whose target and fields together have
/// more than `limit` bytes (RFC 9110 §15.5.15, RFC 6585 §5); none for any other.
pub(super) fn check(request: &ServiceRequest, limit: usize) -> Option<HttpResponse> {
    // ": " and the end of the line.
    const BETWEEN: usize = 4;
    if !names_one_host(request) {
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

/// The value has to be valid (RFC 9112 §3.2).
///
/// With HTTP/2, `Host` may not differ from `:authority`, and neither may have userinfo (RFC 9112 §3.2 and RFC 9113
/// §8.3.1); with HTTP/1.0 there need be none.
fn names_one_host(request: &ServiceRequest) -> bool {
    let mut hosts = request.headers().get_all(HOST);
    let (host, more) = (hosts.next(), hosts.next());
    if host.is_some_and(|host| !hosts::is_valid(host.as_bytes())) {
        return false;
    }
    match (request.version(), host, more) {
        (Version::HTTP_11, host, more) => host.is_some() && more.is_none(),
        (Version::HTTP_2, Some(host), None) => {
            let authority = request.uri().authority().map(|authority| authority.as_str().as_bytes());
            authority.is_none_or(|authority| authority.eq_ignore_ascii_case(host.as_bytes()))
        }
        (Version::HTTP_2, ..) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_request_names_one_host_unless_its_version_has_none() {
        for (version, target, hosts, names) in [
            (Version::HTTP_10, "/", &[][..], true),
            (Version::HTTP_11, "/", &[], false),
            (Version::HTTP_11, "/", &["a"], true),
            (Version::HTTP_11, "/", &["a", "a"], false),
            (Version::HTTP_11, "/", &["a b"], false),
            (Version::HTTP_10, "/", &["a/b"], false),
            (Version::HTTP_2, "/", &[], false),
            (Version::HTTP_2, "/", &["a"], true),
            (Version::HTTP_2, "https://a/", &["A"], true),
            (Version::HTTP_2, "https://a/", &["b"], false),
            (Version::HTTP_2, "https://u@a/", &["u@a"], false),
            (Version::HTTP_2, "https://a/", &["a", "b"], false),
        ] {
            let request = TestRequest::with_uri(target).version(version);
            let request = hosts.iter().fold(request, |request, host| request.append_header((HOST, *host)));
            let found = names_one_host(&request.to_srv_request());
            assert_eq!(found, names, "{version:?} {target} {hosts:?}");
        }
    }
}
