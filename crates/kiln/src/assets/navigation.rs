//! Navigations to unknown URLs, which get the page of a single-page application.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{ACCEPT, HeaderValue, VARY},
    },
};

use super::{list_field, request_path::RequestPath};

/// Whether the request is a navigation to this path. Scripts that fetch a file must not get a page, so the path has no
/// file extension, and `Accept` names HTML: scripts send `*/*`.
pub(super) fn is_navigation(request: &HttpRequest, path: &RequestPath<'_>) -> bool {
    (request.method() == Method::GET || request.method() == Method::HEAD)
        && path.extension().is_none()
        && accepts_html(request)
}

fn accepts_html(request: &HttpRequest) -> bool {
    list_field::weighted(list_field::lines(request.headers(), &ACCEPT))
        .any(|(range, weight)| range.eq_ignore_ascii_case(b"text/html") && weight > 0)
}

/// Adds `Vary: Accept`, since another request to the same URL would get 404 (RFC 9110 §12.5.5).
pub(super) fn varied(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept"));
    response
}
