//! What a navigation to an unknown URL gets.

use actix_web::{
    HttpRequest,
    http::{Method, header::ACCEPT},
};

use super::{list, request_path::RequestPath};

/// What a navigation to an unknown URL gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fallback {
    /// The page for what is not there, with status 404.
    #[default]
    NotFound,
    /// The page at `/`, with status 200: for applications that route in the browser. Only navigations
    /// get it (GET, `text/html` accepted, no file extension), so a script that is missing stays missing.
    Index,
}

impl Fallback {
    /// Whether this request is to get the page at `/`.
    pub(super) fn is_index_for(self, request: &HttpRequest, path: &RequestPath<'_>) -> bool {
        self == Self::Index
            && (request.method() == Method::GET || request.method() == Method::HEAD)
            && path.extension().is_none()
            && accepts_html(request)
    }
}

/// `*/*` is what scripts send, so only the name itself counts.
fn accepts_html(request: &HttpRequest) -> bool {
    list::weighted(request.headers(), &ACCEPT)
        .any(|(range, weight)| range.eq_ignore_ascii_case("text/html") && weight > 0)
}
