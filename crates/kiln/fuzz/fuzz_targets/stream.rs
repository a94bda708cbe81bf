//! Positions at which the stream is cut, then the stream that a client sends: it is answered as each request alone, up to
//! the first response that ends the connection, and nothing behind that is executed.
#![no_main]

use std::{cell::RefCell, collections::HashMap};

use kiln_fuzz::{
    behind_first_line, cut, numbers,
    request::{self, Request},
    response::{self, Response},
    server::{self, EXECUTED},
};

/// Number of requests whose responses are remembered.
const REMEMBERED: usize = 10_000;

thread_local! {
    static ALONE: RefCell<HashMap<Vec<u8>, Vec<Response>>> = RefCell::default();
}

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    let stream = behind_first_line(text);
    let before = server::executions();
    let responses = response::parse(&server::exchange(&cut(stream, numbers::<3>(text))));
    let executed = server::executions() - before;
    let answered = responses.iter().filter(|response| response.field(EXECUTED).is_some()).count();
    assert_eq!(executed, answered, "requests that were executed, and their responses");
    check(stream, &responses);
});

fn check(stream: &[u8], responses: &[Response]) {
    let (requests, rest) = request::split(stream);
    let mut responses = responses.iter();
    for request in &requests {
        let alone = alone(request.bytes);
        let [alone] = alone.as_slice() else {
            panic!("{} responses to {}", alone.len(), request.bytes.escape_ascii())
        };
        let response = responses.next();
        let response = response.unwrap_or_else(|| panic!("no response to {}", request.bytes.escape_ascii()));
        assert!(response.equals(alone), "{response:?} instead of {alone:?}");
        assert!(has_body_of(response, request), "{response:?} to {}", request.bytes.escape_ascii());
        // A response ahead of the end of its request is the last, and where that is depends on the moment.
        assert!(response.closes == alone.closes || request.has_body, "{response:?} instead of {alone:?}");
        if response.closes {
            assert_eq!(responses.next(), None, "a response behind the last");
            return;
        }
    }
    check_rest(&responses.cloned().collect::<Vec<_>>(), &alone(rest));
}

/// Requests that are incomplete, or without a clear meaning, have the same responses wherever they are cut. The last of
/// them may be answered or not: its client has gone.
fn check_rest(responses: &[Response], whole: &[Response]) {
    let mut is_over = false;
    for (response, other) in responses.iter().zip(whole) {
        assert!(!is_over, "{response:?} behind the last");
        assert!(response.equals(other), "{response:?} instead of {other:?}");
        is_over = response.closes || other.closes;
    }
    let is_even = responses.len().abs_diff(whole.len()) <= 1;
    assert!(is_even || is_over, "{responses:?} instead of {whole:?}");
}

fn has_body_of(response: &Response, request: &Request<'_>) -> bool {
    let length = response.field("content-length").map_or(0, |length| length.parse().expect("a length"));
    response.body.len() == if request.is_head || response.status == 304 { 0 } else { length }
}

/// The responses to `bytes` on a connection of their own, in one write.
fn alone(bytes: &[u8]) -> Vec<Response> {
    ALONE.with_borrow_mut(|known| {
        if known.len() >= REMEMBERED {
            known.clear();
        }
        let responses = known.entry(bytes.to_vec());
        responses.or_insert_with(|| response::parse(&server::exchange(&[bytes]))).clone()
    })
}
