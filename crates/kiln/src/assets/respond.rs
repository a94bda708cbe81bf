//! The answer to a request: one look-up, one choice, one head, slices of the executable.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method, StatusCode,
        header::{
            ALLOW, CACHE_CONTROL, CONTENT_RANGE, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION,
            VARY,
        },
    },
    web::Bytes,
};
use kiln_manifest::Coding;

use super::{
    accept_encoding::AcceptEncoding,
    body::attach,
    navigation::{is_navigation, varied},
    precondition::{self, Verdict},
    range::{ByteRange, Extent},
    representation::{Representation, Representations},
    request_path::RequestPath,
    security::{HeaderField, nosniff},
    table::{Route, Table},
};

const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Answers a request.
pub(super) fn respond(table: &Table, request: &HttpRequest) -> HttpResponse {
    let raw = request.uri().path();
    if request.method() == Method::OPTIONS && raw == "*" {
        return methods();
    }
    let Ok(path) = RequestPath::decode(raw) else {
        return plain(request, StatusCode::NOT_FOUND, &[]);
    };
    match table.route(&path) {
        Some(Route::Asset(asset)) => by_method(asset, request),
        Some(Route::Redirect(location)) => redirect(location, request),
        None if table.is_below_prefix(&path) => plain(request, StatusCode::NOT_FOUND, &[]),
        None => match table.spa(&path).filter(|_| is_navigation(request)) {
            Some(page) => varied(by_method(page, request)),
            None => not_found(table, request),
        },
    }
}

/// The response to a GET or HEAD request for the URL of an asset; none for any other.
pub(super) fn respond_early(table: &Table, request: &HttpRequest) -> Option<HttpResponse> {
    if ![Method::GET, Method::HEAD].contains(request.method()) {
        return None;
    }
    let path = RequestPath::decode(request.uri().path()).ok()?;
    let Some(Route::Asset(asset)) = table.route(&path) else { return None };
    Some(serve(asset, request))
}

/// The site's own `404.html`, else plain text.
pub(super) fn not_found(table: &Table, request: &HttpRequest) -> HttpResponse {
    let Some(page) = table.not_found() else {
        return plain(request, StatusCode::NOT_FOUND, &[]);
    };
    let accepted = AcceptEncoding::of(request.headers());
    let chosen = page.negotiate(&accepted).unwrap_or(page.identity());
    attach(head(StatusCode::NOT_FOUND, chosen.head()), request.method(), chosen.body.clone())
}

fn by_method(asset: &Representations, request: &HttpRequest) -> HttpResponse {
    match *request.method() {
        Method::GET | Method::HEAD => serve(asset, request),
        Method::OPTIONS => methods(),
        _ => plain(request, StatusCode::METHOD_NOT_ALLOWED, &[(ALLOW, METHODS)]),
    }
}

/// The response to GET and HEAD: choose the representation, evaluate the conditions, then send it or a part of it.
fn serve(asset: &Representations, request: &HttpRequest) -> HttpResponse {
    let headers = request.headers();
    let accepted = AcceptEncoding::of(headers);
    let range = wanted_range(asset, request, &accepted);
    let chosen = match range {
        Some(_) => Some(asset.identity()),
        None => asset.negotiate(&accepted),
    };
    let Some(chosen) = chosen else {
        let vary = (VARY, HeaderValue::from_static("Accept-Encoding"));
        return plain(request, StatusCode::NOT_ACCEPTABLE, &[vary]);
    };
    match precondition::evaluate(headers, &chosen.etag) {
        Verdict::NotModified => head(StatusCode::NOT_MODIFIED, chosen.unchanged()).map_into_boxed_body(),
        Verdict::Failed => plain(request, StatusCode::PRECONDITION_FAILED, &[]),
        Verdict::Proceed => send(chosen, range, request),
    }
}

/// The range to send, if any. Ranges are defined for GET alone (RFC 9110 §14.2) and are taken from the identity
/// representation, so the client must accept it and, if it has a part already, have a part of that.
fn wanted_range(
    asset: &Representations,
    request: &HttpRequest,
    accepted: &AcceptEncoding,
) -> Option<ByteRange> {
    let headers: &HeaderMap = request.headers();
    let range = ByteRange::of(headers).filter(|_| request.method() == Method::GET)?;
    accepted.weight(Coding::Identity)?;
    precondition::if_range_holds(headers, &asset.identity().etag).then_some(range)
}

fn send(chosen: &Representation, range: Option<ByteRange>, request: &HttpRequest) -> HttpResponse {
    let length = chosen.body.len();
    match range.map_or(Extent::Whole, |range| range.within(length)) {
        Extent::Whole => attach(head(StatusCode::OK, chosen.head()), request.method(), chosen.body.clone()),
        Extent::Part(part) => {
            let mut head = head(StatusCode::PARTIAL_CONTENT, chosen.head());
            let position = format!("bytes {}-{}/{length}", part.start, part.end - 1);
            set(&mut head, CONTENT_RANGE, &position);
            attach(head, request.method(), chosen.body.slice(part))
        }
        Extent::Unsatisfiable => {
            let mut response = plain(request, StatusCode::RANGE_NOT_SATISFIABLE, &[]);
            set(&mut response, CONTENT_RANGE, &format!("bytes */{length}"));
            response
        }
    }
}

/// A permanent redirection to a relative reference, which keeps the method and the query.
fn redirect(location: &str, request: &HttpRequest) -> HttpResponse {
    let mut response = plain(request, StatusCode::PERMANENT_REDIRECT, &[]);
    // The layout of pages may change with the next release.
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    match request.uri().query() {
        Some(query) => set(&mut response, LOCATION, &format!("{location}?{query}")),
        None => set(&mut response, LOCATION, location),
    }
    response
}

fn methods() -> HttpResponse {
    head(StatusCode::NO_CONTENT, [(ALLOW, METHODS), nosniff()]).map_into_boxed_body()
}

/// A plain text body with the reason phrase.
fn plain(request: &HttpRequest, status: StatusCode, fields: &[HeaderField]) -> HttpResponse {
    let mut head = head(status, fields.iter().cloned());
    for (name, value) in [
        (CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8")),
        (CACHE_CONTROL, NO_STORE),
        nosniff(),
    ] {
        head.headers_mut().insert(name, value);
    }
    let reason = status.canonical_reason().unwrap_or_default();
    attach(head, request.method(), Bytes::from_static(reason.as_bytes()))
}

/// A response with these fields. No name occurs twice among them, so they are appended without a look-up, which takes
/// half as long.
fn head(status: StatusCode, fields: impl IntoIterator<Item = HeaderField>) -> HttpResponse<()> {
    let mut head = HttpResponse::with_body(status, ());
    let headers = head.headers_mut();
    fields.into_iter().for_each(|(name, value)| headers.append(name, value));
    head
}

/// Sets a field. Values consist of URLs of the manifest, parsed queries and digits, all of which HTTP allows.
fn set<B>(response: &mut HttpResponse<B>, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}
