//! The table of silences over TLS: that of HTTP/1.1, and the places of HTTP/2.

use std::{num::NonZeroUsize, time::Duration};

use http::Method;
use kiln::{ServerOptions, server::DrainOptions};
use tokio_rustls::rustls::version::TLS13;

use super::{
    Secure,
    client::{Client, handshake, request, whole},
};
use crate::{
    harness::SECOND,
    silences::{Deadline, options, silences, statuses},
};

/// Head time-out, long enough for the handshakes of the tests.
pub(super) const HEAD: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_silence_at_any_place_of_http_1_1_ends_by_its_deadline() {
    for deadline in [Deadline::Head, Deadline::KeepAlive, Deadline::Body, Deadline::Disconnect] {
        let mut options = options(deadline);
        options.request_head_timeout = options.request_head_timeout.max(HEAD);
        let server = Secure::start_as(options);
        let clients = silences().into_iter().filter(|(_, _, ends, _)| ends.is(deadline)).map(
            async |(place, request, _, expected)| {
                let roots = server.authority.roots();
                let stream =
                    handshake(server.running.address, roots, "first.test", &["http/1.1"], &TLS13).await;
                assert_eq!(statuses(stream.expect("a handshake"), &request).await, expected, "{place}");
            },
        );
        futures_util::future::join_all(clients).await;
        server.ended().await;
    }
}

/// Status of the response to a request of which only a part of the body comes.
async fn unfinished(client: &mut Client) -> u16 {
    let mut request = request(Method::POST, "/echo");
    request.headers_mut().insert("content-type", http::HeaderValue::from_static("text/plain"));
    let (answer, _stream) = client.begin(request, b"12345").await.expect("sent");
    whole(answer).await.expect("an answer").status()
}

#[tokio::test]
async fn a_silent_body_of_http_2_is_408_and_its_connection_stays_open() {
    let server = Secure::start_as(options(Deadline::Body));
    let mut client = server.connect().await;
    assert_eq!(unfinished(&mut client).await, 408);
    assert_eq!(client.get("/").await.expect("an answer").status(), 200);
    server.ended().await;
}

#[tokio::test]
async fn a_silent_body_of_http_2_costs_a_drain_no_error() {
    let drain = DrainOptions { deadline: 6 * SECOND, ..DrainOptions::default() };
    let server = Secure::start_as(ServerOptions { drain, ..options(Deadline::Disconnect) });
    let mut client = server.connect().await;
    let request = request(Method::POST, "/echo");
    let (answer, _stream) = client.begin(request, b"12345").await.expect("sent");
    server.running.shutdown.drain();
    assert_eq!(whole(answer).await.expect("an answer").status(), 408);
    server.ended().await;
}

#[tokio::test]
async fn probes_are_answered_while_all_places_are_taken() {
    let max_connections = NonZeroUsize::MIN;
    let server = Secure::start_as(ServerOptions { max_connections, ..ServerOptions::default() });
    let mut first = server.connect().await;
    assert_eq!(first.get("/").await.expect("an answer").status(), 200);
    let mut guest = server.connect().await;
    assert_eq!(guest.get("/readyz").await.expect("an answer").status(), 200);
    let waiting = guest.send(request(Method::GET, "/")).await.expect("sent");
    assert_eq!(first.get("/").await.expect("an answer").status(), 200);
    drop(first);
    assert_eq!(whole(waiting).await.expect("an answer, now that there is room").status(), 200);
    server.ended().await;
}
