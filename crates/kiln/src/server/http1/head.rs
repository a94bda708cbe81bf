//! The head of a request, as far as it says where the request ends and whether another may follow (RFC 9112 §6 and §9).
//!
//! actix parses the head once more, by the same grammar; what has two readings to any of the two is refused here.

use std::{mem::MaybeUninit, ops::Range};

use actix_web::http::{Method, Uri};

use super::{chunked::Chunks, request_body::RequestBody};
use crate::probes;

/// Limit of fields, that of actix.
const FIELDS: usize = 96;

/// Longest name of a field, in bytes; the `http` crate refuses longer ones.
const LONGEST_NAME: usize = u16::MAX as usize - 1;

/// A parsed head.
#[derive(Debug)]
pub(super) enum ParsedHead {
    Partial,
    Complete(Head),
    /// A head that breaks the grammar.
    Invalid,
    /// A head with too many fields, or too long ones.
    TooLarge,
}

/// Properties of a complete head.
#[derive(Debug)]
pub(super) struct Head {
    /// Length of the head, in bytes.
    pub(super) length: usize,
    pub(super) body: RequestBody,
    /// Whether the connection carries another request afterwards.
    pub(super) persists: bool,
    /// Whether this is the request of a probe.
    pub(super) is_probe: bool,
    /// Place of the value of `Expect: 100-continue`, where the client waits for leave to send its body.
    pub(super) expectation: Option<Range<usize>>,
}

/// Parses the head at the start of `bytes`.
pub(super) fn parse(bytes: &[u8]) -> ParsedHead {
    let mut fields = [const { MaybeUninit::uninit() }; FIELDS];
    let mut request = httparse::Request::new(&mut []);
    let length = match request.parse_with_uninit_headers(bytes, &mut fields) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return ParsedHead::Partial,
        Err(httparse::Error::TooManyHeaders) => return ParsedHead::TooLarge,
        Err(_) => return ParsedHead::Invalid,
    };
    let mut framing = Framing::default();
    for field in &*request.headers {
        if field.name.len() > LONGEST_NAME {
            return ParsedHead::TooLarge;
        }
        if framing.note(field.name, field.value).is_none() {
            return ParsedHead::Invalid;
        }
    }
    let version = request.version.map_or(MinorVersion::Http10, MinorVersion::of);
    let (Some(method), Some(target)) = (request.method, request.path) else { return ParsedHead::Invalid };
    let is_read = is_target(target) && Method::from_bytes(method.as_bytes()).is_ok();
    let Some(body) = framing.body(method, version).filter(|_| is_read) else {
        return ParsedHead::Invalid;
    };
    let expectation = framing.expectation.filter(|_| version == MinorVersion::Http11 && !body.is_over());
    let expectation = expectation.map(|value| offset(bytes, value));
    let (persists, is_probe) = (framing.persistence.persists(version), probes::is_probe(method, target));
    ParsedHead::Complete(Head { length, body, persists, is_probe, expectation })
}

/// Place of `part` within `whole`.
fn offset(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}

/// Whether actix reads the target of a request.
fn is_target(target: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@?%".contains(&byte);
    (target.starts_with('/') && target.bytes().all(is_plain)) || Uri::try_from(target).is_ok()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum MinorVersion {
    Http10,
    Http11,
}

impl MinorVersion {
    fn of(minor: u8) -> Self {
        if minor == 0 { Self::Http10 } else { Self::Http11 }
    }
}

/// Fields that decide about the end of a request.
#[derive(Default)]
struct Framing<'a> {
    hosts: usize,
    length: Option<u64>,
    coding: Option<Coding>,
    is_websocket: bool,
    persistence: Persistence,
    expectation: Option<&'a [u8]>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Coding {
    Chunked,
}

impl<'a> Framing<'a> {
    /// None where the field makes the request invalid.
    fn note(&mut self, name: &str, value: &'a [u8]) -> Option<()> {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        match name.len() {
            4 if is("host") => self.hosts += 1,
            6 if is("expect") && value.eq_ignore_ascii_case(b"100-continue") => {
                self.expectation = Some(value);
            }
            7 if is("upgrade") => self.is_websocket |= value.trim_ascii().eq_ignore_ascii_case(b"websocket"),
            10 if is("connection") => self.persistence.note(value),
            14 if is("content-length") => {
                return self.length.replace(number(value)?).is_none().then_some(());
            }
            17 if is("transfer-encoding") => {
                value.trim_ascii().eq_ignore_ascii_case(b"chunked").then_some(())?;
                return self.coding.replace(Coding::Chunked).is_none().then_some(());
            }
            _ => {}
        }
        Some(())
    }

    /// The body, or none where the head is invalid: its end, or its host, would have two readings.
    fn body(&self, method: &str, version: MinorVersion) -> Option<RequestBody> {
        if self.hosts > 1 || (version == MinorVersion::Http11 && self.hosts == 0) {
            return None;
        }
        if self.coding.is_some() {
            let is_clear = version == MinorVersion::Http11 && self.length.is_none();
            return is_clear.then(|| RequestBody::Chunked(Chunks::default()));
        }
        if self.is_websocket {
            return Some(RequestBody::Tunnel);
        }
        match self.length {
            None if version == MinorVersion::Http10 && method == "POST" => None,
            None | Some(0) if method == "CONNECT" => Some(RequestBody::Tunnel),
            length => Some(RequestBody::Length(length.unwrap_or(0))),
        }
    }
}

/// The value of `Content-Length`: digits, and nothing else (RFC 9110 §8.6).
fn number(value: &[u8]) -> Option<u64> {
    let value = value.trim_ascii();
    let is_number = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    std::str::from_utf8(value).ok().filter(|_| is_number)?.parse().ok()
}

/// Options of `Connection` (RFC 9112 §9.3).
#[derive(Default)]
struct Persistence {
    close: bool,
    keep_alive: bool,
    /// To actix a reason to close, unless it changes protocols.
    upgrade: bool,
}

impl Persistence {
    fn note(&mut self, value: &[u8]) {
        for option in value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii) {
            self.close |= option.eq_ignore_ascii_case(b"close");
            self.keep_alive |= option.eq_ignore_ascii_case(b"keep-alive");
            self.upgrade |= option.eq_ignore_ascii_case(b"upgrade");
        }
    }

    fn persists(&self, version: MinorVersion) -> bool {
        !self.close && !self.upgrade && (version == MinorVersion::Http11 || self.keep_alive)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complete(request: &str) -> Option<Head> {
        match parse(request.as_bytes()) {
            ParsedHead::Complete(head) => Some(head),
            _ => None,
        }
    }

    fn post(fields: &str) -> Option<Head> {
        complete(&format!("POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\nbody"))
    }

    #[test]
    fn a_body_ends_where_its_fields_say() {
        let length = |fields: &str| match post(fields).expect(fields).body {
            RequestBody::Length(length) => length,
            body => panic!("{body:?}"),
        };
        assert_eq!((length(""), length("Content-Length: 0\r\n")), (0, 0));
        assert_eq!(length("content-LENGTH: 18446744073709551615\r\n"), u64::MAX);
        let chunked = post("Transfer-Encoding: Chunked\r\n").expect("a head");
        assert!(matches!(chunked.body, RequestBody::Chunked(_)), "{chunked:?}");
        for tunnel in
            ["Upgrade: WebSocket\r\n", "Upgrade: h2c\r\nUpgrade: websocket\r\nContent-Length: 1\r\n"]
        {
            assert!(matches!(post(tunnel).expect(tunnel).body, RequestBody::Tunnel), "{tunnel}");
        }
        let connect = complete("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n").expect("a head");
        assert!(matches!(connect.body, RequestBody::Tunnel), "{connect:?}");
    }

    #[test]
    fn a_head_with_two_readings_is_invalid() {
        for fields in [
            "Host: b\r\n",
            "Content-Length: +1\r\n",
            "Content-Length: 1, 1\r\n",
            "Content-Length: 18446744073709551616\r\n",
            "Content-Length:\r\n",
            "Content-Length: 1\r\nContent-Length: 1\r\n",
            "Transfer-Encoding: gzip\r\n",
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
        ] {
            assert!(post(fields).is_none(), "{fields}");
        }
        for request in [
            "GET / HTTP/1.1\r\n\r\n",
            "GET /\u{e9} HTTP/1.1\r\nHost: a\r\n\r\n",
            "PO'T / HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST / HTTP/1.0\r\n\r\n",
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\n",
        ] {
            assert!(complete(request).is_none(), "{request:?}");
        }
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a:\r\n".repeat(FIELDS + 1));
        assert!(matches!(parse(many.as_bytes()), ParsedHead::TooLarge));
        let long = format!("GET / HTTP/1.1\r\nHost: a\r\n{}: b\r\n\r\n", "a".repeat(LONGEST_NAME + 1));
        assert!(matches!(parse(long.as_bytes()), ParsedHead::TooLarge));
    }

    #[test]
    fn a_connection_persists_as_version_and_options_say() {
        for (version, option, persists) in [
            ("1.1", "", true),
            ("1.1", "Connection: x, Close\r\n", false),
            ("1.1", "Connection: close\r\nConnection: keep-alive\r\n", false),
            ("1.1", "Connection: Upgrade, HTTP2-Settings\r\n", false),
            ("1.0", "", false),
            ("1.0", "Connection: Keep-Alive\r\n", true),
        ] {
            let head = complete(&format!("GET / HTTP/{version}\r\nHost: a\r\n{option}\r\n")).expect(option);
            assert_eq!(head.persists, persists, "{version} {option}");
        }
    }

    #[test]
    fn only_a_request_with_a_body_waits_for_leave_to_send_it() {
        let expectation = |fields: &str| post(fields).expect(fields).expectation;
        let value = expectation("Content-Length: 4\r\nExpect: 100-Continue\r\n").expect("an expectation");
        assert_eq!(value, 53..65);
        assert_eq!(expectation("Expect: 100-continue\r\n"), None);
        assert_eq!(expectation("Content-Length: 4\r\nExpect: 200-ok\r\n"), None);
        let old = complete("POST / HTTP/1.0\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
        assert_eq!(old.expect("a head").expectation, None);
    }
}
