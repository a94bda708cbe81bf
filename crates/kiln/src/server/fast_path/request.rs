//! The parser of plain GET requests, which the fast path answers. A request with more than one reading is not plain:
//! actix decides about it.

use std::mem::MaybeUninit;

use crate::{
    assets::PlainGet,
    server::hosts::{self, AllowedHosts},
};

/// Limit of fields, above what browsers send.
const FIELDS: usize = 48;

/// The request, if `bytes` are the whole of one plain request for one of `allowed`, and no longer than `limit`.
pub(super) fn plain<'a>(bytes: &'a [u8], limit: usize, allowed: &AllowedHosts) -> Option<PlainGet<'a>> {
    let mut fields = [const { MaybeUninit::uninit() }; FIELDS];
    let mut request = httparse::Request::new(&mut []);
    let parsed = request.parse_with_uninit_headers(bytes, &mut fields).ok()?;
    let is_whole = parsed == httparse::Status::Complete(bytes.len());
    if !is_whole || bytes.len() > limit || request.version != Some(1) || request.method != Some("GET") {
        return None;
    }
    let mut relevant = RelevantFields::default();
    for field in request.headers {
        relevant.note(field.name, field.value)?;
    }
    relevant.host.filter(|host| hosts::is_valid(host) && allowed.allow(host))?;
    let path = path(request.path?)?;
    Some(PlainGet { path, accept_encoding: relevant.accept_encoding, if_none_match: relevant.if_none_match })
}

/// Fields that decide whether a request is plain, and which answer it gets.
#[derive(Default)]
struct RelevantFields<'a> {
    host: Option<&'a [u8]>,
    accept_encoding: Option<&'a [u8]>,
    if_none_match: Option<&'a [u8]>,
}

impl<'a> RelevantFields<'a> {
    /// None where a request with this field is not plain.
    fn note(&mut self, name: &str, value: &'a [u8]) -> Option<()> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let slot = match name.len() {
            4 if is("host") => &mut self.host,
            15 if is("accept-encoding") => &mut self.accept_encoding,
            13 if is("if-none-match") => &mut self.if_none_match,
            10 if is("connection") => return value.eq_ignore_ascii_case(b"keep-alive").then_some(()),
            5 if is("range") => return None,
            6 if is("expect") => return None,
            7 if is("upgrade") => return None,
            8 if is("if-match") || is("if-range") => return None,
            14 if is("content-length") => return None,
            17 if is("transfer-encoding") => return None,
            _ => return Some(()),
        };
        slot.replace(value).is_none().then_some(())
    }
}

/// The path of a target in origin form (RFC 9112 §3.2.1) in which nothing is escaped.
fn path(target: &str) -> Option<&str> {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@".contains(&byte);
    let is_query = |byte: u8| is_plain(byte) || b"?%".contains(&byte);
    (path.starts_with('/') && path.bytes().all(is_plain) && query.bytes().all(is_query)).then_some(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: usize = 200;

    fn parse(request: &str) -> Option<PlainGet<'_>> {
        plain(request.as_bytes(), LIMIT, &AllowedHosts::ANY)
    }

    fn with(fields: &str) -> String {
        format!("GET /a HTTP/1.1\r\nHost: a\r\n{fields}\r\n")
    }

    #[test]
    fn requests_of_browsers_are_plain() {
        let fields =
            "Accept-Encoding: gzip, br\r\nIF-NONE-MATCH: \"x\"\r\nConnection: Keep-Alive\r\nX-A: b\r\n";
        let request = with(fields);
        let (accept_encoding, if_none_match) = (Some(&b"gzip, br"[..]), Some(&b"\"x\""[..]));
        assert_eq!(parse(&request), Some(PlainGet { path: "/a", accept_encoding, if_none_match }));
        let query = "GET /a/b.css?v=1%20%ff?/ HTTP/1.1\r\nhost:\r\n\r\n";
        assert_eq!(parse(query).map(|plain| plain.path), Some("/a/b.css"));
    }

    #[test]
    fn fields_that_need_a_decision_are_not_plain() {
        assert!(parse(&with("")).is_some());
        for fields in [
            "Host: a\r\n",
            "Accept-Encoding: br\r\nAccept-Encoding: gzip\r\n",
            "If-None-Match: *\r\nIf-None-Match: \"x\"\r\n",
            "If-Match: *\r\n",
            "If-Range: \"x\"\r\n",
            "Range: bytes=0-0\r\n",
            "Expect: 100-continue\r\n",
            "Upgrade: h2c\r\n",
            "Connection: close\r\n",
            "Connection: keep-alive, x-a\r\n",
            "Content-Length: 0\r\n",
            "Transfer-Encoding: chunked\r\n",
        ] {
            assert_eq!(parse(&with(fields)), None, "{fields}");
        }
    }

    #[test]
    fn only_one_complete_request_in_origin_form_is_plain() {
        let long = with(&format!("X-A: {}\r\n", "a".repeat(LIMIT)));
        let many = with(&"a:\r\n".repeat(FIELDS));
        assert!(plain(many.as_bytes(), many.len(), &AllowedHosts::ANY).is_none());
        for request in [
            "",
            "GET /a HTTP/1.1\r\nHost: a\r\n",
            "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /a HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /a HTTP/1.1\r\n\r\n",
            "GET /a HTTP/1.0\r\nHost: a\r\n\r\n",
            "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n",
            "HEAD /a HTTP/1.1\r\nHost: a\r\n\r\n",
            "get /a HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET http://a/a HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /%61 HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /\" HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /é HTTP/1.1\r\nHost: a\r\n\r\n",
            &long,
        ] {
            assert_eq!(parse(request), None, "{request:?}");
        }
    }
}
