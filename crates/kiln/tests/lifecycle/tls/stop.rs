//! The drain over TLS: every accepted connection is answered, whichever protocol was negotiated.

use std::{io, sync::Arc, time::Duration};

use http::Method;
use kiln::{Error, Phase, server::DrainOptions};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Barrier,
};
use tokio_rustls::rustls::version::TLS13;

use super::{
    Secure,
    client::{Answer, Client, handshake, request, rest, whole, within},
};
use crate::harness::SECOND;

const CLIENTS: usize = 16;

fn patient() -> DrainOptions {
    DrainOptions { deadline: 20 * SECOND, ..DrainOptions::default() }
}

/// True for a GOAWAY of the server with `NO_ERROR` (RFC 9113 §6.8).
fn is_goaway(outcome: &Result<(), h2::Error>) -> bool {
    let Err(error) = outcome else { return false };
    error.is_go_away() && error.is_remote() && error.reason() == Some(h2::Reason::NO_ERROR)
}

#[tokio::test]
async fn requests_in_flight_are_completed_and_their_client_gets_goaway() {
    let server = Secure::start(patient());
    let mut client = server.connect().await;
    let held = client.send(request(Method::GET, "/held")).await.expect("sent");
    let streamed = client.send(request(Method::GET, "/stream")).await.expect("sent");
    within(server.running.state.arrived.acquire_many(2)).await.expect("the semaphore stays").forget();
    server.running.shutdown.drain();
    within(server.running.phases.reached(Phase::Draining)).await;
    let outcome = loop {
        match client.ready().await {
            Ok(()) => tokio::task::yield_now().await,
            outcome => break outcome,
        }
    };
    assert!(is_goaway(&outcome), "{outcome:?}");
    assert!(server.running.diary.events().is_empty(), "resources are open while requests are in flight");
    server.running.state.gate.add_permits(2);
    assert_eq!(whole(held).await.expect("an answer").text(), "held");
    assert_eq!(whole(streamed).await.expect("an answer").text(), "streamed");
    client.closed().await.expect("closed in order");
    server.ended().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drain_under_load_answers_every_client_until_goaway() {
    for round in 0..3 {
        let server = Secure::start(patient());
        let busy = Arc::new(Barrier::new(CLIENTS + 1));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|number| {
                let (busy, address, roots) =
                    (Arc::clone(&busy), server.running.address, server.authority.roots());
                let path = if number % 2 == 0 { "/" } else { "/later" };
                tokio::spawn(async move {
                    let mut client = Client::connect(address, roots).await.expect("it listens");
                    client.get(path).await.expect("an answer");
                    busy.wait().await;
                    loop {
                        if let outcome @ Err(_) = client.ready().await {
                            assert!(is_goaway(&outcome), "{outcome:?}");
                            return client.closed().await;
                        }
                        let sent = match client.send(request(Method::GET, path)).await {
                            Ok(sent) => whole(sent).await.map(drop),
                            unsent => unsent.map(drop),
                        };
                        // GOAWAY may cross the request, which was then not processed and may be repeated on
                        // another connection (RFC 9113 §8.7).
                        if !is_goaway(&sent) {
                            sent?;
                        }
                    }
                })
            })
            .collect();
        busy.wait().await;
        server.running.shutdown.drain();
        for client in clients {
            let outcome = client.await.expect("the client does not panic");
            assert!(outcome.is_ok(), "round {round}: {outcome:?}");
        }
        server.ended().await;
    }
}

#[tokio::test]
async fn idle_and_silent_clients_do_not_delay_the_stop() {
    let server = Secure::start(DrainOptions { deadline: 60 * SECOND, ..DrainOptions::default() });
    let mut idle = server.connect().await;
    idle.get("/").await.expect("an answer");
    let address = server.running.address;
    let mut silent = TcpStream::connect(address).await.expect("it listens");
    let roots = server.authority.roots();
    let idle_stream =
        handshake(address, roots.clone(), "first.test", &["h2"], &TLS13).await.expect("a handshake");
    let mut old = handshake(address, roots, "first.test", &["http/1.1"], &TLS13).await.expect("a handshake");
    old.write_all(b"GET / HTTP/1.1\r\nHost: first.test\r\n\r\n").await.expect("sent");
    within(old.read(&mut [0])).await.expect("an answer");
    server.running.shutdown.drain();
    idle.closed().await.expect("closed in order");
    within(old.read_to_end(&mut Vec::new())).await.expect("closed in order");
    within(server.ended()).await;
    drop((silent.shutdown().await, idle_stream));
}

/// A client that never acknowledges PING or GOAWAY.
#[tokio::test]
async fn an_unresponsive_client_does_not_delay_the_stop() {
    let server = Secure::start(DrainOptions { deadline: 60 * SECOND, ..DrainOptions::default() });
    let roots = server.authority.roots();
    let stream =
        handshake(server.running.address, roots, "first.test", &["h2"], &TLS13).await.expect("a handshake");
    let (mut requests, connection) = within(h2::client::handshake(stream)).await.expect("a preface");
    let (answer, _) = requests.send_request(request(Method::GET, "/"), true).expect("sent");
    // After the response the client reads nothing more.
    tokio::pin!(connection);
    tokio::select! {
        answer = within(answer) => assert_eq!(answer.expect("an answer").status(), 200),
        ended = &mut connection => panic!("{ended:?}"),
    }
    within(server.ended()).await;
}

/// A response buffered by the server is complete for the application, and in flight for the client.
#[tokio::test]
async fn a_buffered_response_is_not_cut_off() {
    let server = Secure::start(patient());
    let roots = server.authority.roots();
    let stream =
        handshake(server.running.address, roots, "first.test", &["h2"], &TLS13).await.expect("a handshake");
    let wide = u32::try_from(LARGE * 2).expect("a window");
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(wide).initial_connection_window_size(wide);
    let mut client = Client::over(stream, &mut builder).await.expect("a preface");
    let answer = client.send(request(Method::GET, "/large")).await.expect("sent");
    let (_, body) = within(answer).await.expect("a head").into_parts();
    server.running.shutdown.drain();
    within(server.running.phases.reached(Phase::Draining)).await;
    assert_eq!(rest(body).await.expect("a whole body").len(), LARGE);
    client.closed().await.expect("closed in order");
    server.ended().await;
}

const LARGE: usize = crate::harness::LARGE;

#[tokio::test]
async fn new_connections_are_served_during_the_pause_and_closed_after_one_request() {
    let server = Secure::start(DrainOptions { pause: 60 * SECOND, ..patient() });
    let mut early = server.connect().await;
    early.get("/").await.expect("an answer");
    server.running.shutdown.drain();
    within(server.running.phases.reached(Phase::Draining)).await;
    early.closed().await.expect("closed in order");
    for path in ["/", "/readyz"] {
        let mut client = server.connect().await;
        let answer: Answer = client.get(path).await.expect("new connections are served during the pause");
        assert_eq!(answer.status(), if path == "/" { 200 } else { 503 }, "{path}");
        client.closed().await.expect("closed in order");
    }
    server.running.shutdown.end_wait();
    server.ended().await;
}

#[tokio::test]
async fn http_1_1_over_tls_drains() {
    let server = Secure::start(patient());
    let roots = server.authority.roots();
    let stream = handshake(server.running.address, roots, "first.test", &["http/1.1"], &TLS13).await;
    let mut stream = stream.expect("a handshake");
    stream.write_all(b"GET /held HTTP/1.1\r\nHost: first.test\r\n\r\n").await.expect("sent");
    within(server.running.state.arrived.acquire()).await.expect("the semaphore stays").forget();
    server.running.shutdown.drain();
    within(server.running.phases.reached(Phase::Draining)).await;
    server.running.state.gate.add_permits(1);
    let mut answer = String::new();
    within(stream.read_to_string(&mut answer)).await.expect("an answer, and a proper end");
    assert!(answer.contains("connection: close\r\n") && answer.ends_with("\r\n\r\nheld"), "{answer}");
    server.ended().await;
}

#[tokio::test]
async fn a_drain_past_its_deadline_is_an_error() {
    let server =
        Secure::start(DrainOptions { deadline: Duration::from_millis(50), ..DrainOptions::default() });
    let mut client = server.connect().await;
    let held = client.send(request(Method::GET, "/held")).await.expect("sent");
    within(server.running.state.arrived.acquire()).await.expect("the semaphore stays").forget();
    server.running.shutdown.drain();
    let error = server.running.ended().expect_err("a request was cut off");
    assert!(matches!(error, Error::Drain { requests: 1, .. }), "{error}");
    assert!(whole(held).await.is_err(), "it was cut off");
}

#[tokio::test]
async fn connections_are_refused_after_the_stop() {
    let server = Secure::start(patient());
    let (address, roots) = (server.running.address, server.authority.roots());
    server.ended().await;
    let refused = Client::connect(address, roots).await.err().map(|error| error.kind());
    assert_eq!(refused, Some(io::ErrorKind::ConnectionRefused));
}
