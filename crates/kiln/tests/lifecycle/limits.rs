//! Limits of requests and connections. Where a limit is a time-out, the test waits for the action of the server.

use std::{
    io::{ErrorKind, Read, Write},
    net::TcpStream,
    num::NonZeroUsize,
    time::Duration,
};

use kiln::{
    ServerOptions,
    server::{DrainOptions, MAX_HEAD},
};

use crate::harness::{Running, SECOND, start_as};

const SHORT: Duration = Duration::from_millis(200);
/// Time that no test may take.
const LONG: Duration = Duration::from_hours(1);
/// Time-out after which the server counts as hanging.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server with one worker.
fn limited(mut options: ServerOptions) -> Running {
    options.workers = NonZeroUsize::new(1);
    start_as(options, async |_| Ok(()))
}

/// A connection on which `request` has been sent.
fn sent(running: &Running, request: &[u8]) -> TcpStream {
    let mut stream = TcpStream::connect(running.address).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    // The server may have answered and closed before it has read everything.
    let _ = stream.write_all(request);
    stream
}

/// Status of the response, once the server has closed.
fn status(running: &Running, request: &str) -> u16 {
    let mut answer = Vec::new();
    let mut stream = sent(running, request.as_bytes());
    if let Err(error) = stream.read_to_end(&mut answer) {
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
    }
    let answer = String::from_utf8_lossy(&answer);
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{answer:?}"))
}

/// RFC 9110 §15.5.15 and RFC 6585 §5.
#[test]
fn a_head_above_its_limit_is_414_or_431() {
    let running = limited(ServerOptions { max_head: 1024, ..ServerOptions::default() });
    let request = |target: &str, field: &str| {
        let head =
            format!("GET {target} HTTP/1.1\r\nHost: test\r\nConnection: close\r\nX-A: {field}\r\n\r\n");
        status(&running, &head)
    };
    assert_eq!(request("/", ""), 200);
    assert_eq!(request("/", &"a".repeat(900)), 200);
    assert_eq!(request("/", &"a".repeat(1024)), 431);
    assert_eq!(request(&format!("/?{}", "a".repeat(1024)), ""), 414);
    // A head above `MAX_HEAD` is refused before its end.
    assert_eq!(status(&running, &format!("GET / HTTP/1.1\r\nX-A: {}", "a".repeat(2 * MAX_HEAD))) / 100, 4);
    running.shutdown.drain();
    running.ended().expect("a clean end");
}

/// RFC 9112 §3.2: a proxy in front of the server must read the same host.
#[test]
fn a_head_has_exactly_one_host() {
    let running = limited(ServerOptions::default());
    let request = |version: &str, hosts: &str| {
        status(&running, &format!("GET / HTTP/{version}\r\n{hosts}Connection: close\r\n\r\n"))
    };
    assert_eq!(request("1.1", "Host: a\r\n"), 200);
    assert_eq!(request("1.1", "Host:\r\n"), 200);
    assert_eq!(request("1.1", ""), 400);
    assert_eq!(request("1.1", "Host: a\r\nHost: b\r\n"), 400);
    assert_eq!(request("1.0", ""), 200);
    running.shutdown.drain();
    running.ended().expect("a clean end");
}

/// RFC 9110 §15.5.14, with `Content-Length` and in chunks.
#[test]
fn a_body_above_its_limit_is_413() {
    let running = limited(ServerOptions { max_body: 10, ..ServerOptions::default() });
    let post = "POST /echo HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Type: text/plain\r\n";
    let declared = |body: &str| format!("{post}Content-Length: {}\r\n\r\n{body}", body.len());
    let chunked = |body: &str| {
        format!("{post}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len())
    };
    for (body, expected) in [("0123456789", 200), ("0123456789a", 413)] {
        assert_eq!(status(&running, &declared(body)), expected, "{body}");
        assert_eq!(status(&running, &chunked(body)), expected, "{body} in chunks");
    }
    running.shutdown.drain();
    running.ended().expect("a clean end");
}

/// RFC 9110 §15.5.9.
#[test]
fn a_head_that_times_out_is_408() {
    let running = limited(ServerOptions { request_head_timeout: SHORT, ..ServerOptions::default() });
    assert_eq!(status(&running, "GET / HTTP/1.1\r\nHost: te"), 408);
    running.shutdown.drain();
    running.ended().expect("a clean end");
}

#[test]
fn an_idle_connection_is_closed() {
    let running = limited(ServerOptions { keep_alive: SHORT, ..ServerOptions::default() });
    assert_eq!(status(&running, "GET / HTTP/1.1\r\nHost: test\r\n\r\n"), 200);
    running.shutdown.drain();
    running.ended().expect("a clean end");
}

#[test]
fn clients_above_max_connections_wait_for_a_free_slot() {
    let running = limited(ServerOptions { max_connections: NonZeroUsize::MIN, ..ServerOptions::default() });
    let request = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    let mut first = [0];
    let mut served = sent(&running, request);
    served.read_exact(&mut first).expect("an answer");
    let mut waiting = sent(&running, request);
    waiting.set_read_timeout(Some(SHORT)).expect("a time-out");
    let early = waiting.read(&mut first).map_err(|error| error.kind());
    assert!(matches!(early, Err(ErrorKind::WouldBlock | ErrorKind::TimedOut)), "{early:?}");
    drop(served);
    waiting.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    waiting.read_exact(&mut first).expect("an answer, now that there is room");
    drop(waiting);
    running.shutdown.drain();
    running.ended().expect("a clean end");
}

/// `man 7 tcp`, `TCP_USER_TIMEOUT`.
#[cfg(target_os = "linux")]
#[test]
fn a_client_that_reads_nothing_is_dropped_with_its_response() {
    let running = limited(ServerOptions { write_timeout: SHORT, ..ServerOptions::default() });
    let client = sent(&running, b"GET /endless HTTP/1.1\r\nHost: test\r\n\r\n");
    running.wait_for_arrivals(1);
    // The drop of the body is the second arrival; the client is still connected.
    running.wait_for_arrivals(1);
    drop(client);
    running.shutdown.drain();
    running.ended().expect("a clean end");
}

#[test]
fn a_client_that_reads_nothing_costs_a_drain_no_error() {
    let drain = DrainOptions { deadline: 6 * SECOND, ..DrainOptions::default() };
    let running = limited(ServerOptions { drain, write_timeout: LONG, ..ServerOptions::default() });
    let _client = sent(&running, b"GET /endless HTTP/1.1\r\nHost: test\r\n\r\n");
    running.wait_for_arrivals(1);
    running.shutdown.drain();
    running.ended().expect("a clean end");
}
