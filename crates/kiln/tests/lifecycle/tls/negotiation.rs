//! ALPN, and the headers of responses over TLS.

use std::{num::NonZeroUsize, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use http::Method;
use kiln::{
    ServerOptions,
    cli::ProbeError,
    server::{DrainOptions, Hosts},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::rustls::version::{TLS12, TLS13};

use super::{
    Secure,
    client::{Answer, handshake, request, whole, within},
};
use crate::harness::SECOND;

/// RFC 7301 §3.2, and RFC 9113 §3.2.
#[tokio::test]
async fn http_2_is_negotiated_where_it_is_offered_and_http_1_1_otherwise() {
    let server = Secure::start(DrainOptions::default());
    let address = server.running.address;
    for version in [&TLS12, &TLS13] {
        for (offered, agreed) in [
            (&["h2", "http/1.1"][..], Some("h2")),
            (&["http/1.1", "h2"], Some("h2")),
            (&["http/1.1"], Some("http/1.1")),
            (&[], None),
        ] {
            let stream = handshake(address, server.authority.roots(), "first.test", offered, version).await;
            let stream = stream.expect("a handshake");
            let found =
                stream.get_ref().1.alpn_protocol().map(|name| std::str::from_utf8(name).expect("text"));
            assert_eq!(found, agreed, "{offered:?}");
        }
        let unknown = handshake(address, server.authority.roots(), "first.test", &["gopher"], version).await;
        assert!(unknown.is_err_and(|error| error.to_string().contains("NoApplicationProtocol")));
    }
    server.ended().await;
}

#[tokio::test]
async fn http_1_1_is_served_over_tls() {
    let server = Secure::start(DrainOptions::default());
    let asked = "GET /nothing HTTP/1.1\r\nHost: first.test\r\nConnection: close\r\n\r\n";
    let answer = over_http_1(&server, asked).await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    assert!(answer.contains("strict-transport-security: max-age=7\r\n"), "{answer}");
    let invalid = over_http_1(&server, "GET /\r\n\r\n").await;
    assert!(invalid.starts_with("HTTP/1.1 400 "), "{invalid}");
    assert!(invalid.contains("strict-transport-security: max-age=7\r\n"), "{invalid}");
    server.ended().await;
}

async fn over_http_1(server: &Secure, request: &str) -> String {
    let roots = server.authority.roots();
    let stream = handshake(server.running.address, roots, "first.test", &["http/1.1"], &TLS13).await;
    let mut stream = stream.expect("a handshake");
    stream.write_all(request.as_bytes()).await.expect("sent");
    let mut answer = String::new();
    within(stream.read_to_string(&mut answer)).await.expect("an answer, and a proper end");
    answer
}

/// RFC 6797 §7.2: on every response, and over TLS alone.
#[tokio::test]
async fn every_response_over_tls_has_hsts() {
    let server = Secure::start(DrainOptions::default());
    let mut client = server.connect().await;
    for (path, status, hsts) in [
        ("/", 200, "max-age=7"),
        ("/nothing", 404, "max-age=7"),
        ("/readyz", 200, "max-age=7"),
        ("/failing", 500, "max-age=7"),
        ("/hsts", 200, "max-age=1; preload"),
    ] {
        let answer = client.get(path).await.expect("an answer");
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(answer.header("strict-transport-security"), Some(hsts), "{path}");
        assert_eq!(answer.head.headers.get_all("strict-transport-security").iter().count(), 1, "{path}");
    }
    let long = client.get(&format!("/{}", "a".repeat(40_000))).await.expect("an answer");
    assert_eq!((long.status(), long.header("strict-transport-security")), (414, Some("max-age=7")));
    server.ended().await;

    let plain = crate::harness::start(DrainOptions::default());
    let mut stream = TcpStream::connect(plain.address).await.expect("it listens");
    let asked = b"GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    stream.write_all(asked).await.expect("sent");
    let mut answer = String::new();
    within(stream.read_to_string(&mut answer)).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200") && !answer.contains("strict-transport"), "{answer}");
    plain.shutdown.drain();
    plain.ended().expect("a clean end");
}

/// The responses that never reach a handler are among them.
#[tokio::test]
async fn every_response_of_http_2_forbids_sniffing_and_says_how_it_is_cached() {
    let server = Secure::start_as(ServerOptions {
        body_timeout: SECOND / 5,
        max_head: 1024,
        max_body: 10,
        hosts: Hosts::Only(vec!["first.test".to_owned()]),
        ..ServerOptions::default()
    });
    let mut client = server.connect().await;
    let long = "a".repeat(1024);
    let with = |method: Method, path: &str, name: &'static str, value: &str| {
        let mut request = request(method, path);
        request.headers_mut().append(name, value.parse().expect("a value"));
        request
    };
    let elsewhere = http::Request::get("https://evil.test/").body(()).expect("a request");
    for (request, status, caching) in [
        (request(Method::GET, "/"), 200, "no-cache"),
        (request(Method::HEAD, "/hops"), 200, "no-cache"),
        (request(Method::GET, "/livez"), 200, "no-store"),
        (request(Method::GET, "/nothing"), 404, "no-store"),
        (request(Method::PUT, "/echo"), 404, "no-store"),
        (request(Method::GET, "/failing"), 500, "no-store"),
        (with(Method::GET, "/", "host", "other.test"), 400, "no-store"),
        (with(Method::POST, "/echo", "origin", "https://other.test"), 403, "no-store"),
        (with(Method::GET, &format!("/?{long}"), "x-a", "b"), 414, "no-store"),
        (elsewhere, 421, "no-store"),
        (with(Method::GET, "/", "x-a", &long), 431, "no-store"),
    ] {
        let shown = format!("{} {}", request.method(), request.uri());
        expect_defaults(&client.ask(request).await.expect("an answer"), status, caching, &shown);
    }
    let refused = client.post("/echo", b"0123456789a").await.expect("an answer");
    expect_defaults(&refused, 413, "no-store", "a long body");
    let (late, _stream) = client.begin(request(Method::POST, "/echo"), b"1").await.expect("sent");
    expect_defaults(&whole(late).await.expect("an answer"), 408, "no-store", "a late body");
    server.ended().await;
}

fn expect_defaults(answer: &Answer, status: u16, caching: &str, shown: &str) {
    assert_eq!(answer.status(), status, "{shown}");
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{shown}");
    assert_eq!(answer.header("cache-control"), Some(caching), "{shown}");
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=7"), "{shown}");
    assert!(answer.header("date").is_some(), "{shown}");
}

/// Requests of a connection without a place wait for one, but not too many.
#[tokio::test]
async fn a_request_of_http_2_for_which_there_is_no_place_is_503_with_all_headers() {
    const WAITING: usize = 32;
    let max_connections = NonZeroUsize::MIN;
    let server = Secure::start_as(ServerOptions { max_connections, ..ServerOptions::default() });
    let mut holder = server.connect().await;
    holder.get("/").await.expect("an answer");
    let mut guest = server.connect().await;
    let mut waiting = FuturesUnordered::new();
    for _ in 0..=WAITING {
        waiting.push(whole(guest.send(request(Method::GET, "/")).await.expect("sent")));
    }
    let refused = waiting.next().await.expect("a request").expect("an answer");
    expect_defaults(&refused, 503, "no-store", "a request too many");
    assert_eq!(refused.header("retry-after"), Some("1"));
    drop(holder);
    while let Some(answer) = waiting.next().await {
        assert_eq!(answer.expect("an answer, now that there is room").status(), 200);
    }
    server.ended().await;
}

/// RFC 9113 §8.2.2 and RFC 9110 §6.6.1.
#[tokio::test]
async fn a_response_of_http_2_has_no_connection_specific_headers() {
    let server = Secure::start(DrainOptions::default());
    let mut client = server.connect().await;
    let answer = client.get("/hops").await.expect("an answer");
    assert_eq!((answer.status(), answer.text()), (200, "hops"));
    for name in ["connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"] {
        assert_eq!(answer.header(name), None, "{name}");
    }
    assert_eq!(answer.header("content-length"), Some("4"));
    assert!(answer.header("date").is_some());
    assert_eq!(answer.header("x-end-to-end"), Some("1"));

    let head = client.ask(request(Method::HEAD, "/hops")).await.expect("an answer");
    assert_eq!((head.header("content-length"), head.text()), (Some("4"), ""));
    server.running.state.gate.add_permits(1);
    let streamed = client.get("/stream").await.expect("an answer");
    assert_eq!((streamed.header("content-length"), streamed.text()), (None, "streamed"));
    let posted = client.post("/echo", b"said").await.expect("an answer");
    assert_eq!((posted.status(), posted.text()), (200, "said"));
    server.ended().await;
}

#[tokio::test]
async fn a_body_of_http_2_stays_ended_after_its_end() {
    let server = Secure::start(DrainOptions::default());
    let mut client = server.connect().await;
    for (body, found) in [(&b""[..], "0 None"), (b"said", "4 None")] {
        assert_eq!(client.post("/beyond", body).await.expect("an answer").text(), found);
    }
    server.ended().await;
}

/// RFC 9113 §8.3.1.
#[tokio::test]
async fn a_request_of_http_2_has_one_host_which_handlers_read_as_in_http_1_1() {
    let server = Secure::start(DrainOptions::default());
    let mut client = server.connect().await;
    for (hosts, status) in [
        (&[][..], 200),
        (&["first.test"], 200),
        (&["FIRST.test"], 200),
        (&["other.test"], 400),
        (&["first.test", "first.test"], 400),
    ] {
        let mut request = request(Method::GET, "/seen");
        for host in hosts {
            request.headers_mut().append("host", http::HeaderValue::from_static(host));
        }
        let answer = client.ask(request).await.expect("an answer");
        assert_eq!(answer.status(), status, "{hosts:?}");
        if status == 200 {
            let host = hosts.first().unwrap_or(&"first.test");
            assert_eq!(answer.text(), format!("https {host} {host} 127.0.0.1"));
        }
    }
    server.ended().await;
}

/// RFC 9113 §8.2.3.
#[tokio::test]
async fn split_cookie_headers_are_joined() {
    let server = Secure::start(DrainOptions::default());
    let mut client = server.connect().await;
    for (crumbs, seen) in [(&["a=1"][..], "a=1"), (&["a=1", "b=2; c=3", "d=4"], "a=1; b=2; c=3; d=4")] {
        let mut request = request(Method::GET, "/cookie");
        for crumb in crumbs {
            request.headers_mut().append("cookie", http::HeaderValue::from_static(crumb));
        }
        assert_eq!(client.ask(request).await.expect("an answer").text(), seen);
    }
    server.ended().await;
}

/// A probe does not verify the certificate, which only the test trusts.
#[tokio::test]
async fn a_server_can_be_probed_over_tls() {
    let server = Secure::start(DrainOptions::default());
    let url = format!("https://{}", server.running.address);
    let probe = async |path: &str, timeout: Duration| {
        let url = format!("{url}{path}");
        let probing = tokio::task::spawn_blocking(move || kiln::cli::probe(&url, timeout));
        within(probing).await.expect("it does not panic")
    };
    let ready = probe("/readyz", SECOND * 20).await.expect("it is ready");
    assert!(ready.contains("ready"), "{ready}");
    let missing = probe("/nothing", SECOND * 20).await.expect_err("there is nothing");
    assert!(matches!(missing, ProbeError::NotReady { status: 404, .. }), "{missing}");
    let plain = format!("http://{}/", server.running.address);
    let plain = tokio::task::spawn_blocking(move || kiln::cli::probe(&plain, SECOND * 20)).await;
    let message = plain.expect("it does not panic").expect_err("the server requires TLS").to_string();
    assert!(message.contains("use `https:`"), "{message}");
    let held = probe("/held", Duration::from_millis(300)).await.expect_err("no response");
    assert!(matches!(held, ProbeError::Unreachable { .. }), "{held}");
    server.running.state.gate.add_permits(1);
    server.ended().await;
}

/// RFC 9113 §8.5.
#[tokio::test]
async fn connect_is_refused() {
    let server = Secure::start(DrainOptions::default());
    let mut client = server.connect().await;
    let connect = http::Request::builder().method(Method::CONNECT).uri("elsewhere.test:443").body(());
    let answer = client.ask(connect.expect("a request")).await.expect("an answer");
    assert_eq!(answer.status() / 100, 4);
    server.ended().await;
}
