//! Responses to requests that never become one to actix, because their head is invalid, too long
//! or too late, or because there is no place for them.

use std::time::SystemTime;

use actix_web::{
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderValue, HttpDate},
    },
    web::Bytes,
};

use crate::server::default_headers::DefaultHeaders;

/// The whole response with `status`, after which the connection ends.
pub(super) fn response(status: StatusCode, defaults: &DefaultHeaders) -> Bytes {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from_static("0"));
    headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
    }
    if let Ok(now) = HeaderValue::try_from(HttpDate::from(SystemTime::now()).to_string()) {
        headers.insert(header::DATE, now);
    }
    defaults.complete(status, &mut headers);
    let reason = status.canonical_reason().unwrap_or_default();
    let mut response = format!("HTTP/1.1 {} {reason}\r\n", status.as_u16()).into_bytes();
    for (name, value) in &headers {
        response.extend_from_slice(&[name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    response.extend_from_slice(b"\r\n");
    Bytes::from(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_has_the_headers_of_every_response() {
        let response = response(StatusCode::SERVICE_UNAVAILABLE, &DefaultHeaders::new(None));
        let text = String::from_utf8(response.to_vec()).expect("text");
        assert!(
            text.starts_with("HTTP/1.1 503 Service Unavailable\r\n") && text.ends_with("\r\n\r\n"),
            "{text}"
        );
        for field in [
            "content-length: 0",
            "connection: close",
            "retry-after: 1",
            "cache-control: no-store",
            "x-content-type-options: nosniff",
            "date: ",
        ] {
            assert!(text.contains(&format!("\r\n{field}")), "{field}: {text}");
        }
    }
}
