//! Writes that a page of another site asks for: a browser sends them with the cookies of this one.

use actix_web::{
    dev::ServiceRequest,
    http::{
        Method,
        header::{self, HeaderMap, HeaderName},
    },
};

/// Whether pages of other sites may write: send requests with methods other than GET, HEAD and OPTIONS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CrossSiteWrites {
    /// They are refused with 403.
    #[default]
    Refused,
    /// The application decides about them.
    Allowed,
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Whether `request` is a write from another site, as the browser says by `Sec-Fetch-Site` (Fetch Metadata §2.3), or,
/// where that is missing, by an `Origin` with another host (RFC 6454 §7). Clients that are no browsers send neither.
pub(super) fn is_cross_site_write(request: &ServiceRequest) -> bool {
    let is_write = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    is_write && is_cross_site(request.headers())
}

fn is_cross_site(headers: &HeaderMap) -> bool {
    let value = |name: HeaderName| headers.get(name).map(header::HeaderValue::as_bytes);
    match (value(SEC_FETCH_SITE), value(header::ORIGIN)) {
        (Some(site), _) => !matches!(site, b"same-origin" | b"same-site" | b"none"),
        (None, Some(origin)) => !is_of_host(origin, value(header::HOST).unwrap_or_default()),
        (None, None) => false,
    }
}

/// Whether `origin` is one of `host`. Its scheme tells nothing, since a proxy may have ended TLS.
fn is_of_host(origin: &[u8], host: &[u8]) -> bool {
    let after = |scheme: &[u8]| origin.strip_prefix(scheme);
    let authority = after(b"https://").or_else(|| after(b"http://"));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn a_write_is_refused_where_the_browser_names_another_site() {
        let is_refused = |method: &Method, fields: &[(&str, &str)]| {
            let request = TestRequest::default().method(method.clone()).insert_header(("Host", "a.test:80"));
            let request = fields.iter().fold(request, |request, field| request.insert_header(*field));
            is_cross_site_write(&request.to_srv_request())
        };
        let site = |site| ("Sec-Fetch-Site", site);
        let origin = |origin| ("Origin", origin);
        for (fields, refused) in [
            (&[][..], false),
            (&[site("same-origin")], false),
            (&[site("same-site")], false),
            (&[site("none")], false),
            (&[site("cross-site")], true),
            (&[site("other")], true),
            (&[origin("http://A.test:80")], false),
            (&[origin("https://a.test:80")], false),
            (&[origin("http://b.test:80")], true),
            (&[origin("http://a.test")], true),
            (&[origin("null")], true),
            (&[origin("http://b.test"), site("same-origin")], false),
            (&[origin("http://a.test:80"), site("cross-site")], true),
        ] {
            assert_eq!(is_refused(&Method::POST, fields), refused, "{fields:?}");
            assert_eq!(is_refused(&Method::DELETE, fields), refused, "{fields:?}");
            assert!(!is_refused(&Method::GET, fields) && !is_refused(&Method::OPTIONS, fields), "{fields:?}");
        }
    }
}
