//! The table of silences over HTTP/2, and before it.

use std::{num::NonZeroUsize, time::Duration};

use kiln::{ServerOptions, server::DrainOptions};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, split},
    net::TcpStream,
    sync::Semaphore,
};
use tokio_rustls::{client::TlsStream, rustls::version::TLS13};

use super::{
    Secure,
    client::{handshake, within},
    frame::{
        ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, Event, HEADERS, PING, WINDOW_UPDATE, events, frame,
        get, next_frame, post, preface, whole_frame,
    },
    silences::HEAD,
};
use crate::{
    harness::SECOND,
    silences::{Deadline, MAX_BODY, options},
};

const SHORT: Duration = Duration::from_millis(200);

const NO_ERROR: u32 = 0;
const CANCEL: u32 = 8;
const ENHANCE_YOUR_CALM: u32 = 11;

/// A silence: where it begins, what the client has sent until then, which deadline ends it, and all events, in any order:
/// the end of an idle connection may overtake a response.
type Silence = (&'static str, Vec<u8>, Deadline, &'static [Event]);

fn silences() -> Vec<Silence> {
    use Deadline::{Body, Head, KeepAlive, Write};
    use Event::{Closed, GoAway, Reset, Status};
    let opened = preface(&[]);
    let head = |flags: u8, stream: u8, block: &[u8]| whole_frame(HEADERS, flags | END_HEADERS, stream, block);
    let asked = [&opened[..], &head(END_STREAM, 1, &get("/"))].concat();
    let begun = |length: usize| [&opened[..], &head(0, 1, &post("/echo", length))].concat();
    let posted = |rest: Vec<u8>| [begun(5), rest].concat();
    let data = |sent: &[u8]| whole_frame(DATA, 0, 1, sent);
    let large = |settings: &[u8]| [preface(settings), head(END_STREAM, 1, &get("/large"))].concat();
    let beyond = MAX_BODY + 1;
    let cut_head = |stream: u8| frame(HEADERS, END_STREAM | END_HEADERS, stream, 20, &get("/")[..4]);
    let late: &[Event] = &[Status(408), Reset(NO_ERROR)];
    vec![
        ("before the preface", Vec::new(), Head, &[Closed]),
        ("in the preface", opened[..10].to_vec(), Head, &[Closed]),
        ("before SETTINGS", opened[..24].to_vec(), KeepAlive, &[GoAway(NO_ERROR)]),
        ("in the header of a frame", opened[..28].to_vec(), KeepAlive, &[GoAway(NO_ERROR)]),
        ("before the first head", opened.clone(), KeepAlive, &[GoAway(NO_ERROR)]),
        ("in the first head", [&opened[..], &cut_head(1)].concat(), Head, &[GoAway(ENHANCE_YOUR_CALM)]),
        (
            "before CONTINUATION",
            [&opened[..], &whole_frame(HEADERS, END_STREAM, 1, &get("/"))].concat(),
            Head,
            &[GoAway(ENHANCE_YOUR_CALM)],
        ),
        (
            "in CONTINUATION",
            [&opened[..], &whole_frame(HEADERS, 0, 1, &get("/")), &frame(CONTINUATION, 4, 1, 9, b"")]
                .concat(),
            Head,
            &[GoAway(ENHANCE_YOUR_CALM)],
        ),
        ("after a response", asked.clone(), KeepAlive, &[Status(200), GoAway(NO_ERROR)]),
        (
            "in a later head",
            [&asked[..], &cut_head(3)].concat(),
            Head,
            &[Status(200), GoAway(ENHANCE_YOUR_CALM)],
        ),
        ("before a body", posted(Vec::new()), Body, late),
        ("in DATA", posted(frame(DATA, END_STREAM, 1, 5, b"123")), Body, late),
        ("between DATA", posted(data(b"123")), Body, late),
        ("before the end of a body", posted(data(b"12345")), Body, late),
        (
            "in trailers",
            posted([data(b"12345"), whole_frame(HEADERS, END_STREAM, 1, b"")].concat()),
            Head,
            &[GoAway(ENHANCE_YOUR_CALM)],
        ),
        ("after 413", begun(beyond), KeepAlive, &[Status(413), Reset(NO_ERROR), GoAway(NO_ERROR)]),
        (
            "after 404",
            [&opened[..], &head(0, 1, &post("/nothing", 5))].concat(),
            KeepAlive,
            &[Status(404), Reset(NO_ERROR), GoAway(NO_ERROR)],
        ),
        (
            "with the window of a stream shut",
            large(&[0, 4, 0, 0, 0, 0]),
            Write,
            &[Status(200), Reset(CANCEL)],
        ),
        (
            "with the window of the connection shut",
            large(&[0, 4, 0, 0x10, 0, 0]),
            Write,
            &[Status(200), Reset(CANCEL)],
        ),
    ]
}

async fn connect(server: &Secure) -> TlsStream<TcpStream> {
    let roots = server.authority.roots();
    let stream = handshake(server.running.address, roots, "first.test", &["h2"], &TLS13).await;
    stream.expect("a handshake")
}

#[tokio::test]
async fn a_silence_at_any_place_of_http_2_ends_by_its_deadline() {
    for deadline in [Deadline::Head, Deadline::KeepAlive, Deadline::Body, Deadline::Write] {
        let mut options = options(deadline);
        options.request_head_timeout = options.request_head_timeout.max(HEAD);
        let server = Secure::start_as(options);
        let clients = silences().into_iter().filter(|(_, _, ends, _)| ends.is(deadline)).map(
            async |(place, sent, _, expected)| {
                let mut stream = connect(&server).await;
                stream.write_all(&sent).await.expect("sent");
                stream.flush().await.expect("sent");
                let mut found = events(&mut stream, expected.len()).await;
                found.sort_unstable();
                assert_eq!(found, expected, "{place}");
            },
        );
        futures_util::future::join_all(clients).await;
        server.ended().await;
    }
}

#[tokio::test]
async fn a_silence_in_the_handshake_ends_by_the_deadline_of_a_head() {
    let server = Secure::start_as(ServerOptions { request_head_timeout: SHORT, ..options(Deadline::Head) });
    for sent in [&b""[..], b"\x16", b"\x16\x03\x01\x02\0\x01\0"] {
        let mut stream = TcpStream::connect(server.running.address).await.expect("it listens");
        stream.write_all(sent).await.expect("sent");
        // A reset is an end as well: bytes of the client may be unread.
        let _ = within(stream.read_to_end(&mut Vec::new())).await;
    }
    server.ended().await;
}

/// A client that is never silent for long, and slower than the least rate.
#[tokio::test]
async fn a_body_of_http_2_below_the_least_rate_is_408() {
    let options =
        ServerOptions { min_body_rate: 1_000_000, body_timeout: SECOND, ..ServerOptions::default() };
    let server = Secure::start_as(options);
    let (mut received, mut sending) = split(connect(&server).await);
    let begun = [preface(&[]), whole_frame(HEADERS, END_HEADERS, 1, &post("/echo", 1_000_000))].concat();
    sending.write_all(&begun).await.expect("sent");
    let trickle = async {
        let mut interval = tokio::time::interval(SECOND / 50);
        while sending.write_all(&whole_frame(DATA, 0, 1, b"a")).await.is_ok() {
            let _ = sending.flush().await;
            interval.tick().await;
        }
    };
    tokio::select! {
        found = events(&mut received, 1) => assert_eq!(found, [Event::Status(408)]),
        () = trickle => panic!("the server has closed"),
    }
    drop((received, sending));
    server.ended().await;
}

/// The rest of a refused body is discarded up to a limit, and not for as long as the client likes to send.
#[tokio::test]
async fn a_client_of_http_2_that_sends_on_after_413_is_cut_off() {
    const LONGEST: usize = 16 * 1024;
    let server = Secure::start_as(options(Deadline::Body));
    let (mut received, mut sending) = split(connect(&server).await);
    let begun = [preface(&[]), whole_frame(HEADERS, END_HEADERS, 1, &post("/echo", MAX_BODY + 1))].concat();
    sending.write_all(&begun).await.expect("sent");
    // The client keeps to the window of the connection, whose violation would end it too.
    let (window, refused) = (Semaphore::new(65_535), Semaphore::new(0));
    let updates = async {
        while let Some(frame) = next_frame(&mut received).await {
            if frame.kind == WINDOW_UPDATE {
                let by = u32::from_be_bytes(frame.payload.try_into().expect("four bytes"));
                window.add_permits(by as usize);
            } else if let Some(event) = frame.event() {
                assert!([Event::Status(413), Event::Reset(NO_ERROR)].contains(&event), "{event:?}");
                refused.add_permits(1);
            }
        }
    };
    let flood = async {
        refused.acquire_many(2).await.expect("it stays open").forget();
        for _ in 0..64 * 1024 * 1024 / LONGEST {
            let permits = window.acquire_many(u32::try_from(LONGEST).expect("a number"));
            permits.await.expect("it stays open").forget();
            if sending.write_all(&whole_frame(DATA, 0, 1, &[b'a'; LONGEST])).await.is_err() {
                return;
            }
        }
        panic!("the server reads for ever");
    };
    within(async {
        tokio::select! {
            () = updates => {}
            () = flood => {}
        }
    })
    .await;
    drop((received, sending));
    server.ended().await;
}

/// Input after the end of a connection shows a client that still reads, but not for ever.
#[tokio::test]
async fn a_client_that_sends_on_after_goaway_is_cut_off() {
    let server = Secure::start_as(ServerOptions {
        keep_alive: SHORT,
        disconnect_timeout: SHORT,
        drain: DrainOptions { deadline: SECOND, ..DrainOptions::default() },
        ..ServerOptions::default()
    });
    let (mut received, mut sending) = split(connect(&server).await);
    sending.write_all(&preface(&[])).await.expect("sent");
    // The answer to the PING of a graceful shutdown ends it.
    while let Some(frame) = next_frame(&mut received).await {
        if (frame.kind, frame.flags) == (PING, 0) {
            sending.write_all(&whole_frame(PING, ACK, 0, &frame.payload)).await.expect("sent");
            sending.flush().await.expect("sent");
        }
    }
    within(async {
        let mut interval = tokio::time::interval(SECOND / 50);
        while sending.write_all(&whole_frame(PING, 0, 0, b"12345678")).await.is_ok()
            && sending.flush().await.is_ok()
        {
            interval.tick().await;
        }
    })
    .await;
    server.ended().await;
}

/// Places are held by silent clients of each kind, whose deadlines are far.
#[tokio::test]
async fn readiness_is_told_while_silent_clients_hold_all_other_places() {
    let silent: [(&[&str], Vec<u8>); 5] = [
        (&["http/1.1"], b"GET / HT".to_vec()),
        (&["http/1.1"], b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n".to_vec()),
        (&["h2"], Vec::new()),
        (&["h2"], [preface(&[]), frame(HEADERS, END_HEADERS, 1, 20, b"\x82")].concat()),
        (&["h2"], [preface(&[]), whole_frame(HEADERS, END_HEADERS, 1, &post("/echo", 5))].concat()),
    ];
    let max_connections = NonZeroUsize::new(silent.len() + 1).expect("a number");
    let server = Secure::start_as(ServerOptions { max_connections, ..options(Deadline::Disconnect) });
    let (address, roots) = (server.running.address, server.authority.roots());
    let before_handshake = TcpStream::connect(address).await.expect("it listens");
    let mut holders = Vec::new();
    for (protocols, sent) in silent {
        let stream = handshake(address, roots.clone(), "first.test", protocols, &TLS13).await;
        let mut stream = stream.expect("a handshake");
        stream.write_all(&sent).await.expect("sent");
        stream.flush().await.expect("sent");
        holders.push(stream);
    }
    let mut guest =
        handshake(address, roots, "first.test", &["http/1.1"], &TLS13).await.expect("a handshake");
    guest.write_all(b"GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n").await.expect("sent");
    let mut answer = String::new();
    within(guest.read_to_string(&mut answer)).await.expect("an answer, and an end in order");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("connection: close\r\n"), "a client without a place gets one response: {answer}");
    let mut guest = server.connect().await;
    assert_eq!(guest.get("/readyz").await.expect("an answer").status(), 200);
    drop((before_handshake, holders, guest));
    server.ended().await;
}
