//! Responses to requests that never become one to actix, because their head is invalid, too long
//! or too late, or because there is no place for them.

use std::time::SystemTime;

use actix_web::{
    http::{StatusCode, header::HeaderValue},
    web::Bytes,
};

/// The whole response with `status`, after which the connection ends.
pub(super) fn response(status: StatusCode, hsts: Option<&HeaderValue>) -> Bytes {
    let reason = status.canonical_reason().unwrap_or_default();
    let date = httpdate::fmt_http_date(SystemTime::now());
    let hsts = hsts.and_then(|hsts| hsts.to_str().ok());
    let hsts = hsts.map_or_else(String::new, |hsts| format!("strict-transport-security: {hsts}\r\n"));
    let retry = if status == StatusCode::SERVICE_UNAVAILABLE { "retry-after: 1\r\n" } else { "" };
    let text = format!(
        "HTTP/1.1 {} {reason}\r\ncontent-length: 0\r\nconnection: close\r\ncache-control: no-store\r\n\
         x-content-type-options: nosniff\r\n{retry}{hsts}date: {date}\r\n\r\n",
        status.as_u16(),
    );
    Bytes::from(text)
}
