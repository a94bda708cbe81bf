//! Properties of every request that the fast path answers. The fuzz target and the test below call them with generated
//! input; no server does.

use actix_http::{
    RequestHead,
    h1::{Codec, Message, MessageType},
};
use actix_web::{
    http::{
        Method, Version,
        header::{
            ACCEPT_ENCODING, CONTENT_LENGTH, EXPECT, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH,
            IF_RANGE, RANGE, TRANSFER_ENCODING, UPGRADE,
        },
    },
    web::BytesMut,
};
use tokio::task::LocalSet;
use tokio_util::codec::Decoder as _;

use super::request::plain;
use crate::server::hosts::AllowedHosts;

/// Fields of requests that are not plain.
const DECIDED_ELSEWHERE: [HeaderName; 7] =
    [CONTENT_LENGTH, EXPECT, IF_MATCH, IF_RANGE, RANGE, TRANSFER_ENCODING, UPGRADE];

/// Bytes that the fast path takes for a plain request mean the same to actix: one whole request, without a body and
/// without an end of the connection, with the same path and fields.
///
/// # Panics
/// When they do not.
pub fn request(bytes: &[u8]) {
    let Some(plain) = plain(bytes, usize::MAX, &AllowedHosts::ANY) else { return };
    let mut rest = BytesMut::from(bytes);
    // actix spawns its clock here, which need not run.
    let tasks = LocalSet::new();
    let _entered = tasks.enter();
    let mut codec = Codec::default();
    let Ok(Some(Message::Item(request))) = codec.decode(&mut rest) else {
        panic!("actix reads no request in {}", bytes.escape_ascii());
    };
    let written = bytes.escape_ascii();
    assert!(rest.is_empty(), "actix leaves {} of {written}", rest.escape_ascii());
    assert!(matches!(codec.message_type(), MessageType::None), "actix waits for a body of {written}");
    assert!(codec.keep_alive(), "actix closes after {written}");
    let head = request.head();
    assert_eq!((&head.method, head.version), (&Method::GET, Version::HTTP_11), "{written}");
    assert_eq!(head.uri.path(), plain.path, "{written}");
    assert_eq!(values(head, ACCEPT_ENCODING), Vec::from_iter(plain.accept_encoding), "{written}");
    assert_eq!(values(head, IF_NONE_MATCH), Vec::from_iter(plain.if_none_match), "{written}");
    for name in DECIDED_ELSEWHERE {
        assert!(!head.headers.contains_key(&name), "{name} in {written}");
    }
}

fn values(head: &RequestHead, name: HeaderName) -> Vec<&[u8]> {
    head.headers.get_all(name).map(HeaderValue::as_bytes).collect()
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    /// Requests similar to those of clients.
    fn requests() -> impl Strategy<Value = String> {
        let method = prop_oneof![9 => "GET", 1 => "HEAD|POST|get|"];
        let target = prop_oneof![9 => "/[a-z0-9./~%?!;=&-]{0,9}", 1 => "(http://a)?[*/]?[ -~]{0,9}"];
        let version = prop_oneof![9 => "HTTP/1[.]1", 1 => "HTTP/1[.]0|HTTP/2|"];
        let name = prop_oneof![
            4 => "X-A|Accept-Encoding|IF-NONE-MATCH|connection",
            1 => "Host|Range|Expect|Upgrade|If-(Match|Range)|Content-Length|Transfer-Encoding",
        ];
        let colon = prop_oneof![9 => ": ?", 1 => " : "];
        let value = prop_oneof![3 => "gzip, br|\"x\"|[Kk]eep-alive ?", 1 => "close|0|chunked|[ -~]{0,6}"];
        let end = prop_oneof![19 => "\r\n", 1 => "\n|\r|\r\n |"];
        let field = (name, colon, value, end.clone())
            .prop_map(|(name, colon, value, end)| name + &colon + &value + &end);
        (method, target, version, end.clone(), vec(field, 0..4), end).prop_map(
            |(method, target, version, line, fields, end)| {
                format!("{method} {target} {version}{line}Host: a\r\n{}{end}", fields.concat())
            },
        )
    }

    proptest! {
        #[test]
        fn a_plain_request_is_one_to_actix(written in requests()) {
            request(written.as_bytes());
        }
    }
}
