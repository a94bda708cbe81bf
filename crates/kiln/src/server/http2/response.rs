//! Responses, from actix to `h2`.

use std::{cmp::min, future::poll_fn, pin::pin, rc::Rc, time::SystemTime};

use actix_http::Request;
use actix_service::Service;
use actix_web::{
    HttpResponse,
    body::{BodySize, MessageBody},
    dev::{Response, ResponseHead, ServiceResponse},
    http::{
        Method, StatusCode, Version,
        header::{self, HeaderName, HeaderValue, HttpDate},
    },
    web::Bytes,
};
use h2::{Reason, SendStream, server::SendResponse};

use super::{error::SendError, write_timeout::WriteTimeout};
use crate::{
    probes,
    server::{default_headers::DefaultHeaders, middleware::TrackedBody, places::Place},
};

const HOP_BY_HOP: [&str; 2] = ["keep-alive", "proxy-connection"];

/// Everything that the responses of a connection have in common.
pub(super) struct Responder<S> {
    pub(super) app: Rc<S>,
    pub(super) place: Rc<Place>,
    pub(super) headers: DefaultHeaders,
    pub(super) write_timeout: WriteTimeout,
}

impl<S> Responder<S>
where
    S: Service<Request, Response = ServiceResponse<TrackedBody>, Error = HttpResponse>,
{
    /// Answers one request with the `App`, unless the client resets its stream.
    pub(super) async fn respond(self: Rc<Self>, request: Request, mut respond: SendResponse<Bytes>) {
        let is_head = request.method() == Method::HEAD;
        let outcome = tokio::select! {
            outcome = self.answer(request) => outcome,
            _ = poll_fn(|context| respond.poll_reset(context)) => return,
        };
        let sent = match outcome {
            Ok(response) => send(response.into(), respond, is_head, &self.write_timeout).await,
            Err(response) => send(response.into(), respond, is_head, &self.write_timeout).await,
        };
        if let Err(error) = sent {
            tracing::debug!(%error, "response not sent in full");
        }
    }

    async fn answer(&self, request: Request) -> Result<S::Response, HttpResponse> {
        // A guest has to wait for a place, except for probes.
        let is_admitted = self.place.is_held() || probes::is_probe(request.method().as_str(), request.path());
        if !is_admitted && self.place.wait().await.is_err() {
            let mut refusal = HttpResponse::ServiceUnavailable();
            let mut refusal = refusal.insert_header((header::RETRY_AFTER, "1")).finish();
            self.headers.complete(refusal.status(), refusal.headers_mut());
            return Err(refusal);
        }
        self.app.call(request).await
    }
}

async fn send<B: MessageBody>(
    response: Response<B>,
    mut respond: SendResponse<Bytes>,
    is_head: bool,
    write_timeout: &WriteTimeout,
) -> Result<(), SendError> {
    let (response, body) = response.into_parts();
    // Without a body, a length could only be that of another response (RFC 9110 §8.6).
    let size = match response.status() {
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => BodySize::None,
        _ => body.size(),
    };
    let is_over = is_head || size.is_eof();
    let mut stream = respond.send_response(head(response.head(), size), is_over)?;
    if is_over {
        return Ok(());
    }
    let sent = send_body(body, &mut stream, write_timeout).await;
    match sent {
        Ok(()) => stream.send_data(Bytes::new(), true)?,
        // A client must not take a part for the whole.
        Err(SendError::Body(_)) => stream.send_reset(Reason::INTERNAL_ERROR),
        Err(_) => stream.send_reset(Reason::CANCEL),
    }
    sent
}

async fn send_body<B: MessageBody>(
    body: B,
    stream: &mut SendStream<Bytes>,
    write_timeout: &WriteTimeout,
) -> Result<(), SendError> {
    let mut body = pin!(body);
    loop {
        let chunk = tokio::select! {
            chunk = poll_fn(|context| body.as_mut().poll_next(context)) => chunk,
            _ = poll_fn(|context| stream.poll_reset(context)) => return Err(SendError::Reset),
        };
        let Some(chunk) = chunk else { return Ok(()) };
        let mut chunk = chunk.map_err(|error| SendError::Body(error.into().to_string()))?;
        while !chunk.is_empty() {
            stream.reserve_capacity(chunk.len());
            let capacity = write_timeout.capacity(stream).await?;
            if capacity > 0 {
                stream.send_data(chunk.split_to(min(capacity, chunk.len())), false)?;
            }
        }
    }
}

fn head(head: &ResponseHead, size: BodySize) -> http::Response<()> {
    let mut response = http::Response::new(());
    *response.status_mut() = head.status;
    *response.version_mut() = Version::HTTP_2;
    let headers = response.headers_mut();
    for (name, value) in head.headers().iter().filter(|(name, _)| is_sent(name, size)) {
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

/// Whether HTTP/2 allows the field: none of a single hop of HTTP/1.1 (RFC 9113 §8.2.2), and no second length.
fn is_sent(name: &HeaderName, size: BodySize) -> bool {
    match *name {
        header::CONNECTION | header::TRANSFER_ENCODING | header::UPGRADE => false,
        header::CONTENT_LENGTH => size == BodySize::Stream,
        _ => !HOP_BY_HOP.contains(&name.as_str()),
    }
}
