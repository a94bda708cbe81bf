//! Requests that are refused by their heads, and the headers that every response has.

use std::{
    io::{Read, Write},
    net::TcpStream,
    num::NonZeroUsize,
    time::Duration,
};

use kiln::{
    ServerOptions,
    server::{CrossSiteWrites, Hosts, MAX_HEAD},
};

use crate::harness::{Running, start_as};

const SHORT: Duration = Duration::from_millis(200);
/// Time-out after which the server counts as hanging.
const PATIENCE: Duration = Duration::from_secs(20);

fn started(options: ServerOptions) -> Running {
    start_as(ServerOptions { workers: NonZeroUsize::new(1), ..options }, async |_| Ok(()))
}

fn ended(running: Running) {
    running.shutdown.drain();
    running.ended().expect("a clean end");
}

/// All that comes back before the server closes.
fn response(running: &Running, request: &str) -> String {
    let mut stream = TcpStream::connect(running.address).expect("the server listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a time-out");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut wire = String::new();
    stream.read_to_string(&mut wire).expect("a response, and an end in order");
    wire
}

fn status(running: &Running, request: &str) -> u16 {
    response(running, request)[9..12].parse().expect("a status")
}

/// RFC 9112 §3.2: a host that proxies might read in another way.
#[test]
fn an_invalid_host_is_400() {
    let running = started(ServerOptions::default());
    let request = |version: &str, host: &str| {
        status(&running, &format!("GET / HTTP/{version}\r\nHost: {host}\r\nConnection: close\r\n\r\n"))
    };
    for host in ["a", "a:80", "[::1]:80", ""] {
        assert_eq!(request("1.1", host), 200, "{host}");
    }
    for host in ["a b", "u@a", "a/b", "a:b", "[::1", "http://a"] {
        assert_eq!((request("1.1", host), request("1.0", host)), (400, 400), "{host}");
    }
    ended(running);
}

/// RFC 9110 §15.5.20.
#[test]
fn a_host_that_is_not_listed_is_421() {
    let hosts = |hosts| started(ServerOptions { hosts, ..ServerOptions::default() });
    let ask = |running: &Running, target: &str, host: &str| {
        status(running, &format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"))
    };
    let running = hosts(Hosts::ByListener);
    assert_eq!((ask(&running, "/", "localhost:1"), ask(&running, "/", "127.0.0.1")), (200, 200));
    assert_eq!(ask(&running, "/", "evil.test"), 421);
    assert_eq!(ask(&running, "http://evil.test/", "localhost"), 421);
    ended(running);
    let running = hosts(Hosts::Only(vec!["example.org".to_owned()]));
    assert_eq!((ask(&running, "/", "example.org"), ask(&running, "/", "localhost")), (200, 421));
    assert_eq!(ask(&running, "/livez", "192.0.2.1"), 200, "a probe asks by the address");
    ended(running);
}

#[test]
fn a_write_from_another_site_is_403_unless_the_application_decides() {
    let post = |running: &Running, field: &str| {
        let head = "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n";
        status(running, &format!("{head}{field}\r\n\r\na"))
    };
    let running = started(ServerOptions::default());
    assert_eq!(post(&running, "Sec-Fetch-Site: same-origin"), 200);
    assert_eq!(post(&running, "Origin: https://a"), 200);
    assert_eq!(post(&running, "Sec-Fetch-Site: cross-site"), 403);
    assert_eq!(post(&running, "Origin: https://b"), 403);
    ended(running);
    let cross_site_writes = CrossSiteWrites::Allowed;
    let running = started(ServerOptions { cross_site_writes, ..ServerOptions::default() });
    assert_eq!(post(&running, "Sec-Fetch-Site: cross-site"), 200);
    ended(running);
}

/// The responses that never reach a handler are among them.
#[test]
fn every_response_forbids_sniffing_and_says_how_it_is_cached() {
    let options = ServerOptions {
        request_head_timeout: SHORT,
        body_timeout: SHORT,
        max_head: 1024,
        max_body: 10,
        hosts: Hosts::Only(vec!["a".to_owned()]),
        ..ServerOptions::default()
    };
    let running = started(options);
    let head = "Host: a\r\nConnection: close\r\n";
    let get = |target: &str| format!("GET {target} HTTP/1.1\r\n{head}\r\n");
    let post = |length: usize| format!("POST /echo HTTP/1.1\r\n{head}Content-Length: {length}\r\n\r\n");
    let long = "a".repeat(1024);
    for (request, status, caching) in [
        (get("/"), 200, "no-cache"),
        (get("/livez"), 200, "no-store"),
        (get("/nothing"), 404, "no-store"),
        (get("/failing"), 500, "no-store"),
        (format!("PUT /echo HTTP/1.1\r\n{head}\r\n"), 404, "no-store"),
        (get("http://evil.test/"), 421, "no-store"),
        (format!("POST /echo HTTP/1.1\r\n{head}Origin: http://b\r\n\r\n"), 403, "no-store"),
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 400, "no-store"),
        ("GET /\r\n\r\n".to_owned(), 400, "no-store"),
        (format!("GET / HTTP/1.1\r\n{head}Host: b\r\n\r\n"), 400, "no-store"),
        (format!("GET / HTTP/1.1\r\n{head}Content-Length: x\r\n\r\n"), 400, "no-store"),
        (format!("POST /echo HTTP/1.1\r\n{head}Transfer-Encoding: chunked\r\n\r\nx\r\n"), 400, "no-store"),
        ("GET / HTTP/1.1\r\nHost: a".to_owned(), 408, "no-store"),
        (post(5), 408, "no-store"),
        (post(11), 413, "no-store"),
        (get(&format!("/?{long}")), 414, "no-store"),
        (format!("GET / HTTP/1.1\r\n{head}X-A: {long}\r\n\r\n"), 431, "no-store"),
        (format!("GET / HTTP/1.1\r\nX-A: {}", "a".repeat(MAX_HEAD)), 431, "no-store"),
        (format!("GET / HTTP/1.1\r\n{head}{}\r\n", "X-A: b\r\n".repeat(100)), 431, "no-store"),
    ] {
        let response = response(&running, &request);
        let shown = &request[..request.len().min(80)];
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{shown:?}: {response}");
        assert_eq!(response.matches("HTTP/1.1 ").count(), 1, "{shown:?}: {response}");
        let has = |field: &str| response.to_ascii_lowercase().contains(&format!("\r\n{field}\r\n"));
        assert!(has("x-content-type-options: nosniff"), "{shown:?}: {response}");
        assert!(has(&format!("cache-control: {caching}")), "{shown:?}: {response}");
        assert!(has("connection: close") || status == 500, "{shown:?}: {response}");
        assert!(response.contains("\r\ndate: "), "{shown:?}: {response}");
    }
    ended(running);
}
