//! Headers that every response has, unless its handler has set them.

use actix_web::http::{
    StatusCode,
    header::{
        CACHE_CONTROL, HeaderMap, HeaderName, HeaderValue, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
    },
};

use crate::tls::Tls;

/// Headers that every response has.
#[derive(Clone)]
pub(super) struct DefaultHeaders {
    /// Sent with TLS alone (RFC 6797 §7.2).
    hsts: Option<HeaderValue>,
}

impl DefaultHeaders {
    pub(super) fn new(tls: Option<&Tls>) -> Self {
        Self { hsts: tls.and_then(|tls| HeaderValue::try_from(tls.hsts()).ok()) }
    }

    /// Adds those that `headers` lack. An error is stored by no cache, anything else by none without a revalidation.
    pub(super) fn complete(&self, status: StatusCode, headers: &mut HeaderMap) {
        let is_error = status.is_client_error() || status.is_server_error();
        let caching = if is_error { "no-store" } else { "no-cache" };
        insert(headers, CACHE_CONTROL, || HeaderValue::from_static(caching));
        insert(headers, X_CONTENT_TYPE_OPTIONS, || HeaderValue::from_static("nosniff"));
        if let Some(hsts) = &self.hsts {
            insert(headers, STRICT_TRANSPORT_SECURITY, || hsts.clone());
        }
    }
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: impl FnOnce() -> HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value());
    }
}
