//! One request of HTTP/2, and its answer.

use std::{
    cmp::min,
    future::poll_fn,
    io,
    net::SocketAddr,
    pin::pin,
    rc::Rc,
    time::{Duration, SystemTime},
};

use actix_http::{Payload, Request, error::PayloadError};
use actix_service::Service;
use actix_web::{
    HttpResponse,
    body::{BodySize, MessageBody},
    dev::{Response, ResponseHead, ServiceResponse},
    http::{
        Method, StatusCode, Version,
        header::{self, HeaderMap, HeaderName, HeaderValue, HttpDate},
    },
    web::Bytes,
};
use futures_util::{StreamExt, stream};
use h2::{Reason, RecvStream, SendStream, server::SendResponse};
use tokio::time::{error::Elapsed, timeout};

use super::{Watched, backlog::Backlog};

const HOP_BY_HOP: [&str; 2] = ["keep-alive", "proxy-connection"];

/// How long a client may give an answer no room.
pub(super) struct Stall {
    pub(super) limit: Duration,
    pub(super) backlog: Backlog,
}

impl Stall {
    /// How many bytes of `stream` may be sent now. A socket that is full is left to the kernel, which knows whether the
    /// client takes anything at all; the limit is for windows that the client keeps shut.
    async fn room(&self, stream: &mut SendStream<Bytes>) -> Result<usize, Unsent> {
        loop {
            match timeout(self.limit, poll_fn(|context| stream.poll_capacity(context))).await {
                Ok(room) => return Ok(room.ok_or(Unsent::Unwanted)??),
                Err(_) if self.backlog.is_full() => {}
                Err(elapsed) => return Err(elapsed.into()),
            }
        }
    }
}

/// Has `app` answer one request, unless the client no longer wants to know.
pub(super) async fn answer<S>(
    request: http::Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
    peer: Option<SocketAddr>,
    app: Rc<S>,
    stall: Stall,
) where
    S: Service<Request, Response = ServiceResponse<Watched>, Error = HttpResponse>,
{
    let request = asked(request, peer);
    let is_head = request.method() == Method::HEAD;
    let answered = tokio::select! {
        answered = app.call(request) => answered,
        _ = poll_fn(|context| respond.poll_reset(context)) => return,
    };
    let sent = match answered {
        Ok(response) => send(response.into(), respond, is_head, &stall).await,
        Err(response) => send(response.into(), respond, is_head, &stall).await,
    };
    if let Err(error) = sent {
        tracing::debug!(%error, "an answer was not sent whole");
    }
}

fn asked(request: http::Request<RecvStream>, peer: Option<SocketAddr>) -> Request {
    let (parts, body) = request.into_parts();
    let mut request = Request::with_payload(payload(body));
    let head = request.head_mut();
    let host = parts.uri.authority().map(|authority| HeaderValue::from_str(authority.as_str()));
    head.uri = parts.uri;
    head.method = parts.method;
    head.version = parts.version;
    head.headers = parts.headers.into();
    join_cookies(&mut head.headers);
    head.peer_addr = peer;
    // Where HTTP/1.1 has it, for those who do not care by what they were asked (RFC 9113 §8.3.1).
    if let Some(Ok(host)) = host
        && !head.headers.contains_key(header::HOST)
    {
        head.headers.insert(header::HOST, host);
    }
    request
}

/// Clients of HTTP/2 may send them one by one, which those of HTTP/1.1 may not (RFC 9113 §8.2.3).
fn join_cookies(headers: &mut HeaderMap) {
    let crumbs: Vec<_> = headers.get_all(header::COOKIE).map(HeaderValue::as_bytes).collect();
    if crumbs.len() > 1
        && let Ok(cookie) = HeaderValue::from_bytes(&crumbs.join(&b"; "[..]))
    {
        headers.insert(header::COOKIE, cookie);
    }
}

/// What has been read makes room for more.
fn payload(body: RecvStream) -> Payload {
    if body.is_end_stream() {
        return Payload::None;
    }
    let chunks = stream::unfold(body, async |mut body| {
        let chunk = body.data().await?.and_then(|chunk| {
            body.flow_control().release_capacity(chunk.len())?;
            Ok(chunk)
        });
        Some((chunk.map_err(|error| PayloadError::Io(io::Error::other(error))), body))
    });
    // Readers of multipart forms ask beyond the end, where what is unfolded panics.
    Payload::Stream { payload: Box::pin(chunks.fuse()) }
}

/// Why an answer was not sent whole.
#[derive(Debug, thiserror::Error)]
enum Unsent {
    #[error(transparent)]
    Protocol(#[from] h2::Error),
    #[error("the client has taken nothing for too long")]
    Stalled(#[from] Elapsed),
    #[error("the client no longer wants it")]
    Unwanted,
    #[error("its body failed: {0}")]
    Body(String),
}

async fn send<B: MessageBody>(
    response: Response<B>,
    mut respond: SendResponse<Bytes>,
    is_head: bool,
    stall: &Stall,
) -> Result<(), Unsent> {
    let (response, body) = response.into_parts();
    // Neither has a body, so that a length could only be that of another answer (RFC 9110 §8.6).
    let size = match response.status() {
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => BodySize::None,
        _ => body.size(),
    };
    let is_over = is_head || size.is_eof();
    let mut stream = respond.send_response(head(response.head(), size), is_over)?;
    if is_over {
        return Ok(());
    }
    let sent = send_body(body, &mut stream, stall).await;
    match sent {
        Ok(()) => stream.send_data(Bytes::new(), true)?,
        // Whoever has a part must not take it for the whole.
        Err(Unsent::Body(_)) => stream.send_reset(Reason::INTERNAL_ERROR),
        Err(_) => stream.send_reset(Reason::CANCEL),
    }
    sent
}

async fn send_body<B: MessageBody>(
    body: B,
    stream: &mut SendStream<Bytes>,
    stall: &Stall,
) -> Result<(), Unsent> {
    let mut body = pin!(body);
    loop {
        let chunk = tokio::select! {
            chunk = poll_fn(|context| body.as_mut().poll_next(context)) => chunk,
            _ = poll_fn(|context| stream.poll_reset(context)) => return Err(Unsent::Unwanted),
        };
        let Some(chunk) = chunk else { return Ok(()) };
        let mut chunk = chunk.map_err(|error| Unsent::Body(error.into().to_string()))?;
        while !chunk.is_empty() {
            stream.reserve_capacity(chunk.len());
            let room = stall.room(stream).await?;
            if room > 0 {
                stream.send_data(chunk.split_to(min(room, chunk.len())), false)?;
            }
        }
    }
}

fn head(answered: &ResponseHead, size: BodySize) -> http::Response<()> {
    let mut response = http::Response::new(());
    *response.status_mut() = answered.status;
    *response.version_mut() = Version::HTTP_2;
    let headers = response.headers_mut();
    for (name, value) in answered.headers().iter().filter(|(name, _)| is_sent(name, size)) {
        headers.append(name, value.clone());
    }
    if let BodySize::Sized(length) = size {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    if !headers.contains_key(header::DATE)
        && let Ok(now) = HeaderValue::try_from(HttpDate::from(SystemTime::now()).to_string())
    {
        headers.insert(header::DATE, now);
    }
    response
}

/// Not what means something between two hops of HTTP/1.1 alone (RFC 9113 §8.2.2), nor a length beside that of the
/// body.
fn is_sent(name: &HeaderName, size: BodySize) -> bool {
    match *name {
        header::CONNECTION | header::TRANSFER_ENCODING | header::UPGRADE => false,
        header::CONTENT_LENGTH => size == BodySize::Stream,
        _ => !HOP_BY_HOP.contains(&name.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use tokio::{io::duplex, task::LocalSet};

    use super::{super::backlog::Tracked, *};

    const LIMIT: Duration = Duration::from_millis(20);
    const WINDOW: u32 = 16 * 1024 * 1024;

    /// A client whose windows are wide is not to be dropped for a socket that is slow.
    #[tokio::test]
    async fn a_full_socket_is_no_stall() {
        let (near, far) = duplex(1024);
        let stall = Stall { limit: LIMIT, backlog: Backlog::default() };
        let server = h2::server::handshake(Tracked::new(near, &stall.backlog));
        let mut client = h2::client::Builder::new();
        client.initial_window_size(WINDOW).initial_connection_window_size(WINDOW);
        let (server, client) = tokio::join!(server, client.handshake::<_, Bytes>(far));
        let (mut server, (mut requests, mut client)) =
            (server.expect("a preface"), client.expect("a preface"));
        let (_answer, _) = requests.send_request(http::Request::new(()), true).expect("sent");
        let (_, mut respond) = tokio::select! {
            accepted = server.accept() => accepted.expect("a request").expect("a request"),
            _ = &mut client => panic!("the client ended"),
        };
        let mut stream = respond.send_response(http::Response::new(()), false).expect("sent");
        let tasks = LocalSet::new();
        tasks.spawn_local(async move { server.accept().await.is_none() });
        let filled = tasks.run_until(timeout(10 * LIMIT, async {
            loop {
                stream.reserve_capacity(64 * 1024);
                let room = stall.room(&mut stream).await.expect("a client that is only slow");
                stream.send_data(Bytes::from(vec![0; room]), false).expect("sent");
            }
        }));
        assert!(filled.await.is_err(), "the socket has to be full");
    }
}
