//! Limits of requests and connections over TLS.

use std::{io, num::NonZeroUsize, time::Duration};

use http::Method;
use kiln::{
    ServerOptions,
    server::{DrainOptions, MAX_HEAD},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::rustls::version::TLS13;

use super::{
    Secure,
    client::{Answer, Client, handshake, request, within},
    frame::{CONTINUATION, END_HEADERS, END_STREAM, HEADERS, frame, get, preface, whole_frame},
};
use crate::harness::SECOND;

const SHORT: Duration = Duration::from_millis(200);
/// Time that no test may take.
const LONG: Duration = Duration::from_hours(1);

/// Head time-out, long enough for the handshakes of the tests.
const HEAD: Duration = Duration::from_secs(1);

/// A server with one worker.
fn limited(mut options: ServerOptions) -> Secure {
    options.workers = NonZeroUsize::new(1);
    Secure::start_as(options)
}

/// Reads until the server closes, in order or not.
async fn closed(stream: &mut (impl AsyncReadExt + Unpin)) {
    let mut rest = Vec::new();
    if let Err(error) = within(stream.read_to_end(&mut rest)).await {
        assert!(
            matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_client_without_tls_is_disconnected() {
    let server = limited(ServerOptions::default());
    let mut stream = TcpStream::connect(server.running.address).await.expect("it listens");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: first.test\r\n\r\n").await.expect("sent");
    closed(&mut stream).await;
    server.ended().await;
}

/// Silence before the handshake, and between it and the preface (RFC 9113 §3.4).
#[tokio::test]
async fn a_silent_client_is_disconnected() {
    let server = limited(ServerOptions { request_head_timeout: HEAD, ..ServerOptions::default() });
    let address = server.running.address;
    let mut stream = TcpStream::connect(address).await.expect("it listens");
    closed(&mut stream).await;
    let stream = handshake(address, server.authority.roots(), "first.test", &["h2"], &TLS13).await;
    closed(&mut stream.expect("a handshake")).await;
    server.ended().await;
}

/// RFC 9110 §15.5.15 and RFC 6585 §5.
#[tokio::test]
async fn a_head_above_its_limit_is_414_or_431() {
    let server = limited(ServerOptions { max_head: 1024, ..ServerOptions::default() });
    let mut client = server.connect().await;
    let get = |path: &str, field: usize| {
        let mut request = request(Method::GET, path);
        request.headers_mut().insert("x-a", "a".repeat(field).parse().expect("a value"));
        request
    };
    for (path, field, status) in [("/", 900, 200), ("/", 1024, 431), ("/", 100_000, 431)] {
        assert_eq!(client.ask(get(path, field)).await.expect("an answer").status(), status, "{field}");
    }
    let long = format!("/?{}", "a".repeat(1024));
    assert_eq!(client.ask(get(&long, 1)).await.expect("an answer").status(), 414);
    // A head above `MAX_HEAD` is refused by `h2` before it is read: its response has neither content nor fields, and the
    // connection stays open.
    let endless = client.ask(get("/", 2 * MAX_HEAD)).await;
    let is_refused = |answer: &Answer| answer.status() == 431 && answer.body.is_empty();
    assert!(endless.as_ref().is_ok_and(is_refused), "{endless:?}");
    assert_eq!(client.get("/").await.expect("an answer").status(), 200);
    server.ended().await;
}

/// A request in flight keeps the connection from being idle, so that only the head time-out can end it.
#[tokio::test]
async fn a_trickling_head_times_out() {
    let head = get("/held");
    let whole = whole_frame(HEADERS, END_STREAM | END_HEADERS, 1, &head);
    for trickling in [
        frame(HEADERS, END_STREAM | END_HEADERS, 3, 255, &[]),
        [frame(HEADERS, END_STREAM, 3, 1, &head[..1]), frame(CONTINUATION, 0, 3, 255, &[])].concat(),
    ] {
        let server = limited(ServerOptions { request_head_timeout: HEAD, ..ServerOptions::default() });
        let stream =
            handshake(server.running.address, server.authority.roots(), "first.test", &["h2"], &TLS13);
        let (mut received, mut sending) = tokio::io::split(stream.await.expect("a handshake"));
        sending.write_all(&[preface(&[]), whole.clone()].concat()).await.expect("sent");
        within(server.running.state.arrived.acquire()).await.expect("the semaphore stays").forget();
        let mut answer = Vec::new();
        let silence = timeout(HEAD + SHORT, received.read_to_end(&mut answer)).await;
        assert!(silence.is_err(), "a complete head never times out: {answer:?}");

        let trickle = within(async {
            sending.write_all(&trickling).await?;
            let mut interval = tokio::time::interval(HEAD / 10);
            loop {
                interval.tick().await;
                // Fields of one byte each: `:method: GET` is valid until the head ends.
                sending.write_all(&head[..1]).await?;
                sending.flush().await?;
            }
        });
        let failed = tokio::select! {
            failed = trickle => Some(failed),
            _ = received.read_to_end(&mut answer) => None,
        };
        if let Some(failed) = failed {
            let _: io::Result<()> = failed;
            let _ = within(received.read_to_end(&mut answer)).await;
        }
        let has_goaway = answer.windows(8).any(|bytes| bytes == [0, 0, 0, 1, 0, 0, 0, 11]);
        assert!(has_goaway, "no GOAWAY with ENHANCE_YOUR_CALM (RFC 9113 §6.8 and §7): {answer:?}");
        drop((received, sending));
        server.ended().await;
    }
}

/// RFC 9110 §15.5.14.
#[tokio::test]
async fn a_body_above_its_limit_is_413() {
    let server = limited(ServerOptions { max_body: 10, ..ServerOptions::default() });
    let mut client = server.connect().await;
    assert_eq!(client.post("/echo", b"0123456789").await.expect("an answer").text(), "0123456789");
    assert_eq!(client.post("/echo", b"0123456789a").await.expect("an answer").status(), 413);
    server.ended().await;
}

/// RFC 9113 §5.2: body bytes, read or refused, are released to the windows of stream and connection.
#[tokio::test]
async fn bodies_longer_than_any_window_are_received_and_sent() {
    const LENGTH: usize = 5 * 1024 * 1024;
    let long: &[u8] = vec![b'a'; LENGTH].leak();
    let server = limited(ServerOptions { max_body: LENGTH, ..ServerOptions::default() });
    let mut client = server.connect().await;
    for _ in 0..2 {
        assert!(client.post("/echo", long).await.expect("an answer").text().as_bytes() == long);
    }
    server.ended().await;

    let server = limited(ServerOptions { max_body: 10, ..ServerOptions::default() });
    let mut client = server.connect().await;
    for _ in 0..4 {
        assert_eq!(client.post("/echo", long).await.expect("an answer").status(), 413);
        assert_eq!(client.post("/echo", b"0123456789").await.expect("an answer").text(), "0123456789");
    }
    server.ended().await;
}

/// RFC 9113 §6.8: GOAWAY with `NO_ERROR`.
#[tokio::test]
async fn an_idle_connection_is_closed_and_one_with_a_request_in_flight_is_not() {
    let server = limited(ServerOptions { keep_alive: SHORT, ..ServerOptions::default() });
    let (mut idle, mut busy) = (server.connect().await, server.connect().await);
    let held = busy.send(request(Method::GET, "/held")).await.expect("sent");
    assert_eq!(idle.get("/").await.expect("an answer").status(), 200);
    idle.closed().await.expect("closed in order");
    server.running.state.gate.add_permits(1);
    assert_eq!(super::client::whole(held).await.expect("an answer").text(), "held");
    busy.closed().await.expect("closed in order");
    server.ended().await;
}

#[tokio::test]
async fn clients_above_max_connections_wait_for_a_free_slot() {
    let server = limited(ServerOptions { max_connections: NonZeroUsize::MIN, ..ServerOptions::default() });
    let mut first = server.connect().await;
    assert_eq!(first.get("/").await.expect("an answer").status(), 200);
    let mut next = server.connect().await;
    let mut waiting = next.send(request(Method::GET, "/")).await.expect("sent");
    assert!(timeout(SHORT, &mut waiting).await.is_err(), "there is no room");
    drop(first);
    let answer = super::client::whole(waiting).await.expect("an answer, now that there is room");
    assert_eq!(answer.status(), 200);
    server.ended().await;
}

/// A closed flow-control window is invisible to `TCP_USER_TIMEOUT`.
#[tokio::test]
async fn an_unread_response_is_reset_and_its_connection_stays_open() {
    let server = limited(ServerOptions { write_timeout: SHORT, ..ServerOptions::default() });
    let roots = server.authority.roots();
    let stream =
        handshake(server.running.address, roots, "first.test", &["h2"], &TLS13).await.expect("a handshake");
    // A single response does not fill the window of the connection.
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(100_000).initial_connection_window_size(1_000_000);
    let mut client = Client::over(stream, &mut builder).await.expect("a preface");
    let unread = client.send(request(Method::GET, "/endless")).await.expect("sent");
    let (_, mut body) = within(unread).await.expect("a head").into_parts();
    // The drop of the body is the second arrival.
    within(server.running.state.arrived.acquire_many(2)).await.expect("the semaphore stays").forget();
    let end = loop {
        match within(body.data()).await {
            Some(Ok(_)) => {}
            end => break end,
        }
    };
    assert!(end.is_some_and(|end| end.is_err_and(|error| error.is_reset())));
    assert_eq!(client.get("/").await.expect("an answer").status(), 200);
    server.ended().await;
}

#[tokio::test]
async fn a_shut_window_costs_a_drain_no_error() {
    let drain = DrainOptions { deadline: 6 * SECOND, ..DrainOptions::default() };
    let server = limited(ServerOptions { drain, write_timeout: LONG, ..ServerOptions::default() });
    let mut client = server.connect().await;
    let unread = client.send(request(Method::GET, "/endless")).await.expect("sent");
    let _unread = within(unread).await.expect("a head");
    server.running.shutdown.drain();
    server.ended().await;
}

#[tokio::test]
async fn a_response_that_its_client_resets_is_dropped() {
    let server = limited(ServerOptions::default());
    let mut client = server.connect().await;
    let endless = client.send(request(Method::GET, "/endless")).await.expect("sent");
    drop(within(endless).await.expect("a head"));
    within(server.running.state.arrived.acquire_many(2)).await.expect("the semaphore stays").forget();
    assert_eq!(client.get("/").await.expect("an answer").status(), 200);
    server.ended().await;
}
