//! Pipelines: each request of one connection gets the response that it gets alone (RFC 9112 §9.3.2), up to the first
//! that ends the connection (§9.6).

use std::time::Duration;

use futures_util::{StreamExt, stream};
use kiln::{ServerOptions, assets::Assets};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{client::Reply, fast_path::FastServer, site::Embedded};

/// Connections at the same time.
const CONCURRENT: usize = 16;

/// A request, and the response that it gets alone.
struct Single {
    request: String,
    is_head: bool,
    response: Response,
}

/// All of a response but its date.
#[derive(Debug, PartialEq, Eq)]
struct Response {
    version: String,
    status: u16,
    fields: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Response {
    /// Whether another may follow.
    fn persists(&self) -> bool {
        let connection = self.fields.iter().find(|(name, _)| name == "connection");
        match connection.map(|(_, value)| value.as_str()) {
            None => self.version == "HTTP/1.1",
            Some(value) => value == "keep-alive",
        }
    }
}

/// Every method, version, persistence and kind of resource.
fn requests() -> Vec<(String, bool)> {
    let mut requests = Vec::new();
    for (resource, method) in ["/", "/echo", "/livez"]
        .into_iter()
        .flat_map(|path| ["GET", "HEAD", "POST"].map(|method| (path, method)))
    {
        for (version, connection) in [("1.1", ""), ("1.1", "close"), ("1.0", ""), ("1.0", "keep-alive")] {
            let field = if connection.is_empty() { "" } else { &format!("Connection: {connection}\r\n") };
            let body = if method == "POST" { "Content-Length: 4\r\n\r\nbody" } else { "\r\n" };
            let head = format!("{method} {resource} HTTP/{version}\r\nHost: a\r\n{field}");
            requests.push((head + body, method == "HEAD"));
        }
    }
    let chunked = "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    requests.push((format!("{chunked}4;x=y\r\nGET \r\n0\r\nX-A: b\r\n\r\n"), false));
    requests
}

/// Sends the parts in writes of their own, and returns all that comes back.
async fn exchange(server: &FastServer, parts: &[&[u8]]) -> Vec<u8> {
    let mut stream = server.connect().await;
    stream.set_nodelay(true).expect("an option");
    for part in parts {
        // The server may have answered its last request, and closed.
        if stream.write_all(part).await.is_err() {
            break;
        }
        tokio::task::yield_now().await;
    }
    end(&mut stream).await
}

async fn end(stream: &mut TcpStream) -> Vec<u8> {
    let _ = stream.shutdown().await;
    let mut wire = Vec::new();
    stream.read_to_end(&mut wire).await.expect("an end in order");
    wire
}

/// The responses in `wire`, each strictly as long as its head says.
fn parse(mut wire: &[u8], heads: &[bool]) -> Vec<Response> {
    let mut responses = Vec::new();
    while !wire.is_empty() {
        let is_head = *heads.get(responses.len()).expect("a response without a request");
        let version = std::str::from_utf8(&wire[..8]).expect("a version").to_owned();
        let (reply, rest) = Reply::parse(wire, 0);
        let length = reply.header("content-length").map_or(0, |length| length.parse().expect("a number"));
        let (body, rest) = rest.split_at(if is_head { 0 } else { length });
        let mut fields = reply.fields().to_vec();
        fields.retain(|(name, _)| name != "date");
        fields.sort();
        responses.push(Response { version, status: reply.status, fields, body: body.to_vec() });
        wire = rest;
    }
    responses
}

async fn alone(server: &FastServer) -> Vec<Single> {
    let mut singles = Vec::new();
    for (request, is_head) in requests() {
        let wire = exchange(server, &[request.as_bytes()]).await;
        let [response] = parse(&wire, &[is_head]).try_into().expect("one response");
        singles.push(Single { request, is_head, response });
    }
    singles
}

/// Sends `pipeline`, cut at `cuts`, and compares the responses.
async fn check(server: &FastServer, pipeline: &[&Single], cuts: &[usize]) {
    let requests: String = pipeline.iter().map(|single| single.request.as_str()).collect();
    let mut parts = Vec::new();
    let mut rest = requests.as_bytes();
    for cut in cuts.iter().rev() {
        let (before, part) = rest.split_at(*cut);
        parts.insert(0, part);
        rest = before;
    }
    parts.insert(0, rest);
    let wire = exchange(server, &parts).await;
    let heads: Vec<_> = pipeline.iter().map(|single| single.is_head).collect();
    let last = pipeline.iter().position(|single| !single.response.persists());
    let expected = &pipeline[..last.map_or(pipeline.len(), |last| last + 1)];
    let responses = parse(&wire, &heads);
    let is_equal = responses.iter().eq(expected.iter().map(|single| &single.response));
    assert!(is_equal, "{requests}\ncut at {cuts:?}: {responses:#?}");
}

async fn server() -> FastServer {
    server_with(ServerOptions::default()).await
}

async fn server_with(options: ServerOptions) -> FastServer {
    FastServer::start(Assets::load::<Embedded>().expect("the site"), options).await
}

#[actix_web::test]
async fn every_pair_and_triple_in_one_write_is_answered_as_each_alone() {
    let server = server().await;
    let singles = alone(&server).await;
    let persistent: Vec<_> = singles.iter().filter(|single| single.response.persists()).collect();
    assert!(persistent.len() > 10, "the matrix has too few: {}", persistent.len());
    let pairs = singles.iter().flat_map(|first| singles.iter().map(move |second| vec![first, second]));
    let triples = persistent.iter().flat_map(|first| {
        let seconds = persistent.iter();
        seconds.flat_map(|second| singles.iter().map(|third| vec![*first, *second, third]))
    });
    let checks = pairs.chain(triples).map(async |pipeline| check(&server, &pipeline, &[]).await);
    stream::iter(checks).buffer_unordered(CONCURRENT).collect::<Vec<()>>().await;
    server.end().await;
}

/// Where a request is cut does not matter: one for each method, with a body of each kind, and with each end.
#[actix_web::test]
async fn pairs_that_are_cut_anywhere_are_answered_as_each_alone() {
    let server = server().await;
    let mut singles = alone(&server).await;
    let is_chosen = |request: &str| {
        ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD /livez HTTP/1.0\r\nHost: a\r\nConnection"]
            .iter()
            .any(|start| request.starts_with(start))
            || (request.starts_with("POST /echo HTTP/1.1") && !request.contains("close"))
            || request.starts_with("GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close")
    };
    singles.retain(|single| is_chosen(&single.request));
    assert_eq!(singles.len(), 5);
    let pairs: Vec<_> = singles.iter().flat_map(|a| singles.iter().map(move |b| [a, b])).collect();
    let checks = pairs.iter().flat_map(|pair| {
        let length = pair.iter().map(|single| single.request.len()).sum::<usize>();
        let server = &server;
        (1..length).map(async move |cut| check(server, pair, &[cut]).await)
    });
    stream::iter(checks).buffer_unordered(CONCURRENT).collect::<Vec<()>>().await;
    for pair in &pairs {
        let length = pair.iter().map(|single| single.request.len()).sum::<usize>();
        check(&server, pair, &(1..length).collect::<Vec<_>>()).await;
    }
    server.end().await;
}

/// The response to an invalid request is that of the server itself, not of actix.
#[actix_web::test]
async fn an_invalid_request_is_answered_after_no_response_that_ends_the_connection() {
    let invalid = "GET / HTTP/1.1\r\nHost: \0\r\n\r\n";
    let unread = ["GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody".to_owned()];
    for keep_alive in [ServerOptions::default().keep_alive, Duration::ZERO] {
        let server = server_with(ServerOptions { keep_alive, ..ServerOptions::default() }).await;
        for (request, is_head) in requests().into_iter().chain(unread.clone().map(|request| (request, false)))
        {
            let wire = exchange(&server, &[(request.clone() + invalid).as_bytes()]).await;
            let responses = parse(&wire, &[is_head, false]);
            let persists = responses[0].persists() && !keep_alive.is_zero();
            let statuses: Vec<_> = responses[1..].iter().map(|response| response.status).collect();
            let expected: &[u16] = if persists { &[400] } else { &[] };
            assert_eq!(statuses, expected, "after {request}, with a keep-alive of {keep_alive:?}");
        }
        server.end().await;
    }
}
