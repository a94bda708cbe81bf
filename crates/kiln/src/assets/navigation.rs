//! Navigations to unknown URLs, which get the page of a single-page application.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{ACCEPT, HeaderName, HeaderValue, VARY},
    },
};

use super::list_field;

const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// Whether the request is a navigation: a browser says so (Fetch Metadata §2.3). Another client must ask for HTML, since
/// scripts that fetch a file, with `*/*`, must not get a page.
pub(super) fn is_navigation(request: &HttpRequest) -> bool {
    [Method::GET, Method::HEAD].contains(request.method())
        && match request.headers().get(SEC_FETCH_MODE) {
            Some(mode) => mode == "navigate",
            None => accepts_html(request),
        }
}

fn accepts_html(request: &HttpRequest) -> bool {
    list_field::weighted(list_field::lines(request.headers(), &ACCEPT))
        .any(|(range, weight)| range.eq_ignore_ascii_case(b"text/html") && weight > 0)
}

/// Adds `Vary`, since another request to the same URL would get 404 (RFC 9110 §12.5.5).
pub(super) fn varied(mut response: HttpResponse) -> HttpResponse {
    response.headers_mut().append(VARY, HeaderValue::from_static("Accept, Sec-Fetch-Mode"));
    response
}
