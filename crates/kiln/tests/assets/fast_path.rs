//! The fast path: the responses of actix, and the keep-alive, drain and limits of its connections.

use std::{
    net::{SocketAddr, TcpListener},
    num::NonZeroUsize,
    time::Duration,
};

use actix_web::{rt::task::JoinHandle, web};
use kiln::{
    Application, Error, Lifespan, Phase, Phases, ServerOptions, Shutdown, StartUpError,
    assets::Assets,
    manifest::{Coding, Exposure, Mode},
    server::{DrainOptions, Hosts},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    client::{Reply, exchange},
    loading::load,
    site::{Build, Embedded, HOME, Site},
};

/// Words of four bytes: 16 MiB, more than socket buffers hold.
const LARGE: u32 = 4 << 20;
const LARGE_URL: &str = "/assets/large-0123456789abcdef.bin";
const SHORT: Duration = Duration::from_millis(200);
const SECOND: Duration = Duration::from_secs(1);
/// Time that no test may take.
const LONG: Duration = Duration::from_hours(1);

/// An application with a fast path, and a route with the URL of an asset.
pub(crate) struct FastServer {
    address: SocketAddr,
    shutdown: Shutdown,
    phases: Phases,
    running: JoinHandle<Result<(), Error>>,
}

impl FastServer {
    pub(crate) async fn start(assets: Assets, options: ServerOptions) -> Self {
        Self::watched(assets, options, None).await
    }

    async fn watched(assets: Assets, options: ServerOptions, admin: Option<TcpListener>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let options = ServerOptions { workers: NonZeroUsize::new(1), ..options };
        let shutdown = Shutdown::new();
        let start = async |_: &mut Lifespan| Ok::<_, StartUpError>(assets);
        let routes = |assets: &Assets, routes: &mut web::ServiceConfig| {
            routes
                .route("/robots.txt", web::route().to(async || "a route"))
                .route("/echo", web::post().to(async |body: web::Bytes| body))
                .default_service(assets.service());
        };
        let built = Application::build(options, listener, shutdown.clone(), start, routes).await;
        let application = built.expect("an application").with_assets(|assets| assets);
        let application = application.with_admin(admin).expect("metrics");
        let (address, phases) = (application.address(), application.phases());
        Self { address, shutdown, phases, running: actix_web::rt::spawn(application.run()) }
    }

    async fn release() -> Self {
        Self::start(Assets::load::<Embedded>().expect("the site"), ServerOptions::default()).await
    }

    pub(crate) async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.expect("connect")
    }

    async fn drain(&self) {
        self.shutdown.drain();
        self.phases.reached(Phase::Draining).await;
    }

    pub(crate) async fn end(self) {
        self.drain().await;
        self.ended().await;
    }

    async fn ended(self) {
        self.running.await.expect("no panic").expect("a clean end");
    }
}

fn get(target: &str, fields: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: kiln.test\r\n{fields}\r\n")
}

/// Sends `request`, and reads one answer.
async fn ask(stream: &mut TcpStream, request: &str) -> Reply {
    stream.write_all(request.as_bytes()).await.expect("send");
    answer(stream).await
}

async fn answer(stream: &mut TcpStream) -> Reply {
    let mut wire = Vec::new();
    while !wire.ends_with(b"\r\n\r\n") {
        wire.push(stream.read_u8().await.expect("a head"));
    }
    let (mut reply, _) = Reply::parse(&wire, 0);
    let length = reply.header("content-length").map_or(0, |length| length.parse().expect("a number"));
    reply.body = vec![0; length];
    stream.read_exact(&mut reply.body).await.expect("a body");
    reply
}

/// Status, headers without `Date`, and body.
fn content(reply: &Reply) -> (u16, Vec<(String, String)>, &[u8]) {
    let mut fields = reply.fields().to_vec();
    fields.retain(|(name, _)| name != "date");
    fields.sort();
    (reply.status, fields, &reply.body)
}

#[actix_web::test]
async fn the_fast_path_responds_like_actix() {
    let (site, server) = (Site::start(), FastServer::release().await);
    let mut targets =
        vec!["/", "/?a=b", "/about", "/docs/", "/empty.txt", "/missing", "/about.html", "/%61bout"];
    let hashed = [site.url("app.css"), site.url("big.bin")];
    targets.extend(hashed.iter().map(String::as_str));
    let etag = |path, coding| format!("If-None-Match: {}\r\n", site.etag(path, coding));
    let fields = [
        String::new(),
        "Accept-Encoding: gzip, deflate, br, zstd\r\n".to_owned(),
        "Accept-Encoding: gzip;q=0.1, *;q=0\r\n".to_owned(),
        "accept-encoding: identity;q=0\r\n".to_owned(),
        etag("index.html", Coding::Identity),
        etag("index.html", Coding::Gzip) + "Accept-Encoding: gzip\r\n",
        etag("app.css", Coding::Gzip) + "Accept-Encoding: br\r\n",
        "If-None-Match: \"other\", *\r\n".to_owned(),
        "If-None-Match: *\r\nConnection: keep-alive\r\n".to_owned(),
        "Range: bytes=1-3\r\n".to_owned(),
        "If-Match: \"other\"\r\n".to_owned(),
    ];
    let mut theirs = TcpStream::connect(site.address).await.expect("connect");
    for target in &targets {
        for fields in &fields {
            let request = get(target, fields);
            let (ours, theirs) =
                (ask(&mut server.connect().await, &request).await, ask(&mut theirs, &request).await);
            assert_eq!(content(&ours), content(&theirs), "{request}");
            assert!(ours.header("date").is_some_and(|date| date.ends_with(" GMT")), "{request}");
        }
    }
    server.end().await;
}

/// actix writes the length before all other fields.
fn is_from_actix(reply: &Reply) -> bool {
    reply.fields()[0].0 == "content-length"
}

#[actix_web::test]
async fn an_asset_comes_before_a_route_and_actix_takes_over_the_connection() {
    let server = FastServer::release().await;
    let mut stream = server.connect().await;
    let robots = get("/robots.txt", "");
    for _ in 0..2 {
        let reply = ask(&mut stream, &robots).await;
        assert_eq!((reply.text(), is_from_actix(&reply)), ("0123456789", false));
    }
    let body = "a".repeat(100 * 1024);
    let post = format!("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    assert_eq!(ask(&mut stream, &post).await.text(), body);
    let reply = ask(&mut stream, &robots).await;
    assert_eq!((reply.text(), is_from_actix(&reply)), ("0123456789", true));
    assert_eq!(ask(&mut stream, &robots.replace("GET", "DELETE")).await.text(), "a route");
    server.end().await;
}

#[actix_web::test]
async fn in_development_assets_come_before_routes_as_well() {
    let robots: (Coding, &[u8]) = (Coding::Identity, b"of a watcher");
    let build = Build::new(Mode::Dev).with(Exposure::Verbatim, "robots.txt", Some("/robots.txt"), &[robots]);
    let assets = load(build.finish()).expect("the site");
    let server = FastServer::start(assets, ServerOptions::default()).await;
    let reply = ask(&mut server.connect().await, &get("/robots.txt", "")).await;
    assert_eq!((reply.text(), is_from_actix(&reply)), ("of a watcher", true));
    server.end().await;
}

/// RFC 9112 §9.3.2: answers come in the order of their requests.
#[actix_web::test]
async fn pipelined_and_split_requests_are_answered() {
    let server = FastServer::release().await;
    let mut stream = server.connect().await;
    let request = get("/empty.txt", "");
    let (half, rest) = request.split_at(request.len() / 2);
    assert_eq!(ask(&mut stream, &(get("/", "") + half)).await.text(), HOME);
    assert_eq!(ask(&mut stream, &(rest.to_owned() + &get("/", ""))).await.text(), "");
    assert_eq!(answer(&mut stream).await.text(), HOME);
    server.end().await;
}

#[actix_web::test]
async fn a_body_longer_than_any_buffer_arrives_whole() {
    let body: Vec<u8> = (0..LARGE).flat_map(u32::to_be_bytes).collect();
    let build = Build::new(Mode::Release).with(
        Exposure::Hashed,
        "large.bin",
        Some(LARGE_URL),
        &[(Coding::Identity, &body)],
    );
    let server = FastServer::start(load(build.finish()).expect("the site"), ServerOptions::default()).await;
    let mut stream = server.connect().await;
    stream.write_all(get(LARGE_URL, "").as_bytes()).await.expect("send");
    // Other clients are answered while this one reads nothing.
    let mut other = server.connect().await;
    assert!(ask(&mut other, &get(LARGE_URL, "")).await.body == body);
    assert!(answer(&mut stream).await.body == body);
    server.end().await;
}

#[actix_web::test]
async fn a_client_that_takes_nothing_costs_a_drain_no_error() {
    let body: Vec<u8> = (0..LARGE).flat_map(u32::to_be_bytes).collect();
    let variants: &[(Coding, &[u8])] = &[(Coding::Identity, &body)];
    let build = Build::new(Mode::Release).with(Exposure::Hashed, "large.bin", Some(LARGE_URL), variants);
    let drain = DrainOptions { deadline: 6 * SECOND, ..DrainOptions::default() };
    let options = ServerOptions { drain, write_timeout: LONG, ..ServerOptions::default() };
    let server = FastServer::start(load(build.finish()).expect("the site"), options).await;
    let mut stream = server.connect().await;
    stream.write_all(get(LARGE_URL, "").as_bytes()).await.expect("send");
    stream.read_u8().await.expect("the beginning");
    server.end().await;
}

/// RFC 9112 §9.6.
#[actix_web::test]
async fn a_drain_closes_a_connection_with_its_last_response() {
    let server = FastServer::release().await;
    let mut stream = server.connect().await;
    assert_eq!(ask(&mut stream, &get("/", "")).await.header("connection"), None);
    server.drain().await;
    let last = ask(&mut stream, &get("/", "")).await;
    assert_eq!((last.header("connection"), last.text()), (Some("close"), HOME));
    assert_eq!(stream.read(&mut [0]).await.expect("an end in order"), 0);
    drop(stream);
    server.ended().await;
}

#[actix_web::test]
async fn a_drain_under_load_answers_every_client_until_connection_close() {
    let server = FastServer::release().await;
    let clients: Vec<_> = (0..8)
        .map(|_| async {
            let mut stream = server.connect().await;
            let mut answers = 0;
            loop {
                let reply = ask(&mut stream, &get("/", "")).await;
                assert_eq!(reply.text(), HOME);
                answers += 1;
                if answers == 100 {
                    server.shutdown.drain();
                }
                if reply.header("connection") == Some("close") {
                    break stream.read(&mut [0]).await.expect("an end in order");
                }
            }
        })
        .collect();
    assert_eq!(futures_util::future::join_all(clients).await, [0; 8]);
    server.ended().await;
}

#[actix_web::test]
async fn an_idle_connection_is_closed() {
    for (keep_alive, request_head_timeout, asks) in [(SHORT, LONG, true), (LONG, SHORT, false)] {
        let options = ServerOptions { keep_alive, request_head_timeout, ..ServerOptions::default() };
        let server = FastServer::start(Assets::load::<Embedded>().expect("the site"), options).await;
        let mut stream = server.connect().await;
        if asks {
            assert_eq!(ask(&mut stream, &get("/", "")).await.text(), HOME);
        }
        assert_eq!(stream.read(&mut [0]).await.expect("an end in order"), 0);
        server.end().await;
    }
}

/// The fast path leaves hosts that are not answered for to actix, which refuses them.
#[actix_web::test]
async fn a_host_that_is_not_listed_is_421_on_the_fast_path_too() {
    let options =
        ServerOptions { hosts: Hosts::Only(vec!["kiln.test".to_owned()]), ..ServerOptions::default() };
    let server = FastServer::start(Assets::load::<Embedded>().expect("the site"), options).await;
    let request = get("/", "");
    assert!(!is_from_actix(&ask(&mut server.connect().await, &request).await));
    let other = request.replace("kiln.test", "evil.test");
    assert_eq!(ask(&mut server.connect().await, &other).await.status, 421);
    server.end().await;
}

/// A client that falls silent in a request after the fast path has answered another.
#[actix_web::test]
async fn a_silence_after_a_response_of_the_fast_path_is_408() {
    let post = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n";
    for (part, head_time, body_time) in
        [("G", SHORT, LONG), ("GET / HTTP/1.1\r\nHost", SHORT, LONG), (post, LONG, SHORT)]
    {
        let options = ServerOptions {
            request_head_timeout: head_time,
            body_timeout: body_time,
            keep_alive: LONG,
            ..ServerOptions::default()
        };
        let server = FastServer::start(Assets::load::<Embedded>().expect("the site"), options).await;
        let mut stream = server.connect().await;
        assert_eq!(ask(&mut stream, &get("/", "")).await.text(), HOME);
        let late = ask(&mut stream, part).await;
        assert_eq!((late.status, late.header("connection")), (408, Some("close")), "{part:?}");
        assert_eq!(stream.read(&mut [0]).await.expect("an end in order"), 0);
        server.end().await;
    }
}

#[cfg(feature = "metrics")]
#[actix_web::test]
async fn the_fast_path_is_counted() {
    let admin = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    let metrics = admin.local_addr().expect("an address");
    let assets = Assets::load::<Embedded>().expect("the site");
    let server = FastServer::watched(assets, ServerOptions::default(), Some(admin)).await;
    let mut stream = server.connect().await;
    // The coding is requested by no other test with metrics.
    let css = get("/assets/app-0123456789abcdef.css", "Accept-Encoding: zstd\r\n");
    assert!(!is_from_actix(&ask(&mut stream, &css).await));
    // A second request on the same worker, so that the first has been counted.
    assert_eq!(ask(&mut stream, &get("/missing", "")).await.status, 404);

    let scrape = ask(&mut TcpStream::connect(metrics).await.expect("connect"), &get("/metrics", "")).await;
    let count = |name: &str| {
        let line = scrape.text().lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name}\n{}", scrape.text()))
            .trim()
            .parse::<u64>()
            .expect("a number")
    };
    assert!(count(r#"http_requests_total{method="GET",route="default",status="200"}"#) >= 1);
    assert_eq!(count(r#"http_response_bytes_total{coding="zstd"}"#), 250);
    server.end().await;
}

/// RFC 9112 §2.2, §3.2 and §6.3: all but plain requests are read by actix.
#[actix_web::test]
async fn ambiguous_requests_are_refused() {
    let server = FastServer::release().await;
    for request in [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding: gzip,\r\n br\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nAccept-Encoding : gzip\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let close = request.replacen("\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1);
        let wire = exchange(server.address, &close).await;
        assert_eq!(Reply::parse(&wire, wire.len()).0.status, 400, "{request:?}");
        assert_eq!(ask(&mut server.connect().await, request).await.status, 400, "{request:?}");
    }
    server.end().await;
}
