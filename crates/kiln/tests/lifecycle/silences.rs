//! A table of silences: each place of a connection at which a client may fall silent, and how the server ends it.
//!
//! One deadline of a server is short and the others are long, so that it is that deadline that ends the silence.

use std::{num::NonZeroUsize, time::Duration};

use kiln::{ServerOptions, server::DrainOptions};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use crate::harness::{Running, SECOND, start_as};

const SHORT: Duration = Duration::from_millis(200);
/// Time that no test may take.
const LONG: Duration = Duration::from_hours(1);
/// Time-out after which the server counts as hanging.
const PATIENCE: Duration = Duration::from_mins(1);
/// Longest body of the tests, in bytes.
pub(crate) const MAX_BODY: usize = 1000;

/// The deadline that is short.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Deadline {
    Head,
    KeepAlive,
    Body,
    #[cfg_attr(not(feature = "tls"), expect(dead_code, reason = "of the table of HTTP/2"))]
    Write,
    Disconnect,
}

/// A silence: where it begins, what the client has sent until then, which deadline ends it, and the statuses of all
/// responses.
pub(crate) type Silence = (&'static str, String, Deadline, &'static [u16]);

/// Options with one short deadline.
pub(crate) fn options(deadline: Deadline) -> ServerOptions {
    let mut options = ServerOptions {
        workers: NonZeroUsize::new(1),
        keep_alive: LONG,
        request_head_timeout: LONG,
        body_timeout: LONG,
        write_timeout: LONG,
        disconnect_timeout: LONG,
        max_body: MAX_BODY,
        ..ServerOptions::default()
    };
    *match deadline {
        Deadline::Head => &mut options.request_head_timeout,
        Deadline::KeepAlive => &mut options.keep_alive,
        Deadline::Body => &mut options.body_timeout,
        Deadline::Write => &mut options.write_timeout,
        Deadline::Disconnect => &mut options.disconnect_timeout,
    } = SHORT;
    options
}

/// The silences of HTTP/1.1 on a connection that has been idle before.
pub(crate) fn silences() -> Vec<Silence> {
    const GET: &str = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";
    const POST: &str = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Type: text/plain\r\n";
    let echoed = format!("{POST}Content-Length: 1\r\n\r\na");
    let body = |fields: &str, body: &str| format!("{POST}{fields}\r\n\r\n{body}");
    let chunks = |chunks: &str| body("Transfer-Encoding: chunked", chunks);
    let beyond = MAX_BODY + 1;
    vec![
        ("before the first head", String::new(), Deadline::Head, &[]),
        ("in the first line", "GET /".to_owned(), Deadline::Head, &[408]),
        ("in the first head", "GET / HTTP/1.1\r\nHost: te".to_owned(), Deadline::Head, &[408]),
        ("after a response", GET.to_owned(), Deadline::KeepAlive, &[200]),
        ("in the second head", format!("{GET}GET / HTTP/1.1\r\nHo"), Deadline::Head, &[200, 408]),
        ("in a head after a body", format!("{echoed}G"), Deadline::Head, &[200, 408]),
        ("in the third head", format!("{GET}{echoed}\r\n"), Deadline::Head, &[200, 200, 408]),
        ("before a body", body("Content-Length: 500", ""), Deadline::Body, &[408]),
        ("in a body", body("Content-Length: 500", "12345"), Deadline::Body, &[408]),
        ("in a later body", GET.to_owned() + &body("Content-Length: 500", "1"), Deadline::Body, &[200, 408]),
        ("before a chunk", chunks(""), Deadline::Body, &[408]),
        ("in the size of a chunk", chunks("1"), Deadline::Body, &[408]),
        ("in a chunk", chunks("5\r\nabc"), Deadline::Body, &[408]),
        ("after a chunk", chunks("1\r\na"), Deadline::Body, &[408]),
        ("in an extension", chunks("1;name=va"), Deadline::Body, &[408]),
        ("before the trailer", chunks("1\r\na\r\n0\r\n"), Deadline::Body, &[408]),
        ("in the trailer", chunks("1\r\na\r\n0\r\nX-A: b"), Deadline::Body, &[408]),
        (
            "after 100 (Continue)",
            body("Content-Length: 500\r\nExpect: 100-continue", ""),
            Deadline::Body,
            &[100, 408],
        ),
        ("after 413", body(&format!("Content-Length: {beyond}"), "1"), Deadline::Disconnect, &[413]),
        (
            "after 413 in chunks",
            chunks(&format!("{beyond:x}\r\n{}", "a".repeat(beyond))),
            Deadline::Disconnect,
            &[413],
        ),
        (
            "after 413 instead of 100 (Continue)",
            body(&format!("Content-Length: {beyond}\r\nExpect: 100-continue"), ""),
            Deadline::Disconnect,
            &[413],
        ),
        (
            "after 404",
            "PUT /nothing HTTP/1.1\r\nHost: test\r\nContent-Length: 9\r\n\r\n".to_owned(),
            Deadline::Disconnect,
            &[404],
        ),
    ]
}

/// Statuses of all responses until the server closes, in order.
pub(crate) async fn statuses(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> Vec<u16> {
    stream.write_all(request.as_bytes()).await.expect("sent");
    stream.flush().await.expect("sent");
    let mut wire = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut wire))
        .await
        .expect("the server hangs")
        .expect("closed in order");
    let wire = String::from_utf8(wire).expect("text");
    let status = |(position, _): (usize, &str)| wire[position + 9..position + 12].parse().expect("a status");
    wire.match_indices("HTTP/1.1 ").map(status).collect()
}

async fn end(running: Running) {
    running.shutdown.drain();
    let ended = tokio::task::spawn_blocking(|| running.ended()).await;
    ended.expect("it does not panic").expect("a clean end");
}

#[tokio::test]
async fn a_silence_at_any_place_ends_by_its_deadline() {
    for deadline in [Deadline::Head, Deadline::KeepAlive, Deadline::Body, Deadline::Disconnect] {
        let running = start_as(options(deadline), async |_| Ok(()));
        let clients = silences().into_iter().filter(|(_, _, ends, _)| ends.is(deadline)).map(
            async |(place, request, _, expected)| {
                let stream = TcpStream::connect(running.address).await.expect("it listens");
                assert_eq!(statuses(stream, &request).await, expected, "{place}");
            },
        );
        futures_util::future::join_all(clients).await;
        end(running).await;
    }
}

impl Deadline {
    pub(crate) fn is(self, other: Self) -> bool {
        std::mem::discriminant(&self) == std::mem::discriminant(&other)
    }
}

/// A client that is never silent for long, and slower than the least rate.
#[tokio::test]
async fn a_body_below_the_least_rate_is_408() {
    let options =
        ServerOptions { min_body_rate: 1_000_000, body_timeout: SECOND, ..ServerOptions::default() };
    let running = start_as(options, async |_| Ok(()));
    let mut stream = TcpStream::connect(running.address).await.expect("it listens");
    let post = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n";
    stream.write_all(post.as_bytes()).await.expect("sent");
    let (mut received, mut sending) = stream.split();
    let mut wire = Vec::new();
    let trickle = async {
        let mut interval = tokio::time::interval(SECOND / 50);
        // Until the server has closed.
        while sending.write_all(b"a").await.is_ok() {
            interval.tick().await;
        }
    };
    let response = async {
        // A reset after the response is an end as well.
        let _ = received.read_to_end(&mut wire).await;
    };
    timeout(PATIENCE, async { tokio::join!(trickle, response) }).await.expect("the server hangs");
    assert!(wire.starts_with(b"HTTP/1.1 408 "), "{}", wire.escape_ascii());
    end(running).await;
}

/// A drain waits for bodies no longer than leaves time for the responses.
#[tokio::test]
async fn a_silent_body_costs_a_drain_no_error() {
    let drain = DrainOptions { deadline: 6 * SECOND, ..DrainOptions::default() };
    let running = start_as(ServerOptions { drain, ..options(Deadline::Head) }, async |_| Ok(()));
    let mut stream = TcpStream::connect(running.address).await.expect("it listens");
    let post = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 500\r\n\r\n12345";
    stream.write_all(post.as_bytes()).await.expect("sent");
    running.shutdown.drain();
    assert_eq!(statuses(stream, "").await, [408]);
    end(running).await;
}

/// The rest of a refused body is discarded up to a limit, and not for as long as the client likes to send.
#[tokio::test]
async fn a_client_that_sends_on_after_413_is_cut_off() {
    let running = start_as(options(Deadline::Head), async |_| Ok(()));
    let mut stream = TcpStream::connect(running.address).await.expect("it listens");
    let post = "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(post.as_bytes()).await.expect("sent");
    let chunk = format!("10000\r\n{}\r\n", "a".repeat(0x1_0000));
    let (mut received, mut sending) = stream.split();
    let mut wire = Vec::new();
    let flood = async { while sending.write_all(chunk.as_bytes()).await.is_ok() {} };
    let response = async {
        let _ = received.read_to_end(&mut wire).await;
    };
    timeout(PATIENCE, async { tokio::join!(flood, response) }).await.expect("the server reads for ever");
    assert!(wire.starts_with(b"HTTP/1.1 413 "), "{}", wire.escape_ascii());
    end(running).await;
}

/// RFC 9110 §10.1.1: `100 (Continue)` comes once the body is wanted, and only then.
#[tokio::test]
async fn a_client_that_expects_100_gets_it_before_its_body_is_read() {
    let running = start_as(options(Deadline::Disconnect), async |_| Ok(()));
    let mut stream = TcpStream::connect(running.address).await.expect("it listens");
    let post = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n";
    stream.write_all(format!("{post}\r\n").as_bytes()).await.expect("sent");
    let mut interim = [0; 25];
    timeout(PATIENCE, stream.read_exact(&mut interim)).await.expect("the server hangs").expect("100");
    assert_eq!(interim, *b"HTTP/1.1 100 Continue\r\n\r\n");
    let next = format!("hello{post}Connection: close\r\n\r\nagain");
    assert_eq!(statuses(stream, &next).await, [200, 200], "a body that comes unasked needs no permission");
    end(running).await;
}

/// A server with two places, and clients that hold both by bodies of which nothing comes.
async fn taken() -> (Running, Vec<TcpStream>) {
    let max_connections = NonZeroUsize::new(2).expect("a number");
    let options = ServerOptions { max_connections, body_timeout: LONG, ..ServerOptions::default() };
    let running = start_as(options, async |_| Ok(()));
    let mut holders = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(running.address).await.expect("it listens");
        let post = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n";
        stream.write_all(post.as_bytes()).await.expect("sent");
        // It is being served once it is asked for its body.
        timeout(PATIENCE, stream.read_exact(&mut [0; 25])).await.expect("the server hangs").expect("100");
        holders.push(stream);
    }
    (running, holders)
}

#[tokio::test]
async fn probes_are_answered_while_all_places_are_taken() {
    const GUESTS: usize = 40;
    let (running, mut holders) = taken().await;
    // More clients than may wait: the others are refused.
    let get = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
    let mut waiting = Vec::new();
    for _ in 0..GUESTS {
        let mut stream = TcpStream::connect(running.address).await.expect("it listens");
        stream.write_all(get.as_bytes()).await.expect("sent");
        waiting.push(tokio::spawn(statuses(stream, "")));
    }
    for probe in ["/livez", "/readyz?a=b"] {
        let stream = TcpStream::connect(running.address).await.expect("it listens");
        let request = format!("GET {probe} HTTP/1.1\r\nHost: test\r\n\r\n");
        assert_eq!(statuses(stream, &request).await, [200], "{probe}");
    }
    // A place that is given up goes to each of those that wait.
    let mut holder = holders.remove(0);
    holder.write_all(b"hello").await.expect("sent");
    drop(holder);
    let outcomes = futures_util::future::join_all(waiting).await;
    let outcomes: Vec<_> = outcomes.into_iter().flat_map(|outcome| outcome.expect("no panic")).collect();
    let count = |status: u16| outcomes.iter().filter(|found| **found == status).count();
    assert_eq!(outcomes.len(), GUESTS);
    assert!(count(200) >= 32 && count(200) + count(503) == GUESTS, "{outcomes:?}");
    drop(holders);
    end(running).await;
}

#[tokio::test]
async fn a_client_that_waits_for_a_place_is_answered_in_a_drain() {
    let (running, holders) = taken().await;
    let mut stream = TcpStream::connect(running.address).await.expect("it listens");
    stream.write_all(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n").await.expect("sent");
    running.shutdown.drain();
    assert_eq!(statuses(stream, "").await, [200]);
    drop(holders);
    end(running).await;
}
