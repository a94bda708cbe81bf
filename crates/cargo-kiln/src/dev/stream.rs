//! The event stream for pages (HTML §9.2, server-sent events), on a loopback port.

use std::{
    convert::Infallible,
    net::{Ipv4Addr, TcpListener},
    thread,
};

use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, Empty, StreamBody, combinators::UnsyncBoxBody};
use hyper::{
    Request, Response, StatusCode,
    body::{Bytes, Frame, Incoming},
    header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderName, ORIGIN, VARY,
    },
    http::Uri,
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use miette::{IntoDiagnostic, Result, miette};
use tokio::{runtime, sync::watch};
use tokio_stream::wrappers::WatchStream;

use super::state::State;

/// Event stream that sends each page the newest state, and then each newer one.
#[derive(Debug)]
pub(crate) struct Stream {
    port: u16,
    newest: watch::Sender<Option<State>>,
}

type Body = UnsyncBoxBody<Bytes, Infallible>;

impl Stream {
    /// Listens on a thread of its own, for as long as the process lives.
    pub(crate) fn open(port: u16) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|cause| {
            miette!(
                help = "end the other `cargo kiln dev` of this package; or, when another program uses the port, \
                        set `watcher-port` in [package.metadata.kiln]",
                "could not bind 127.0.0.1:{port}, the watcher's port for pages: {cause}"
            )
        })?;
        listener.set_nonblocking(true).into_diagnostic()?;
        let port = listener.local_addr().into_diagnostic()?.port();
        let runtime = runtime::Builder::new_current_thread().enable_io().build().into_diagnostic()?;
        let (newest, states) = watch::channel(None);
        thread::Builder::new()
            .name("pages".to_owned())
            .spawn(move || runtime.block_on(serve(listener, states)))
            .into_diagnostic()?;
        Ok(Self { port, newest })
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Sends `state` to every page, also to those that connect later.
    pub(crate) fn publish(&self, state: &State) {
        self.newest.send_if_modified(|newest| {
            let is_news = newest.as_ref() != Some(state);
            if is_news {
                *newest = Some(state.clone());
            }
            is_news
        });
    }
}

async fn serve(listener: TcpListener, states: watch::Receiver<Option<State>>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
    loop {
        // The browser retries a connection that could not be accepted.
        let Ok((connection, _)) = listener.accept().await else { continue };
        let states = states.clone();
        let answer =
            service_fn(move |request| std::future::ready(Ok::<_, Infallible>(answer(&request, &states))));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(connection), answer));
    }
}

/// Events hold parts of sources, so that only pages of this machine may read them: the host is checked as well, against
/// names that a name service maps to loopback.
fn answer(request: &Request<Incoming>, states: &watch::Receiver<Option<State>>) -> Response<Body> {
    let is_here = field(request.headers(), &HOST).is_some_and(|host| is_loopback(&format!("http://{host}")));
    let origin = field(request.headers(), &ORIGIN);
    if !is_here || !origin.is_none_or(is_loopback) {
        let mut refusal = Response::new(Empty::new().boxed_unsync());
        *refusal.status_mut() = StatusCode::FORBIDDEN;
        return refusal;
    }
    // The sender lives as long as the process.
    let states = WatchStream::new(states.clone())
        .filter_map(|state| std::future::ready(state.map(|state| event(&state))));
    let opening = stream::iter([Bytes::from_static(b": watching\n\n")]);
    let frames = opening.chain(states).map(|text| Ok(Frame::data(text)));
    let mut response = Response::new(BodyExt::boxed_unsync(StreamBody::new(frames)));
    let head = response.headers_mut();
    for (name, value) in [(CONTENT_TYPE, "text/event-stream"), (CACHE_CONTROL, "no-store"), (VARY, "Origin")]
    {
        head.insert(name, hyper::header::HeaderValue::from_static(value));
    }
    if let Some(origin) = request.headers().get(ORIGIN) {
        head.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    }
    response
}

fn field<'a>(head: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    head.get(name)?.to_str().ok()
}

fn is_loopback(origin: &str) -> bool {
    let host = origin.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned));
    host.is_some_and(|host| {
        host == "localhost" || host.ends_with(".localhost") || host == "127.0.0.1" || host == "[::1]"
    })
}

fn event(state: &State) -> Bytes {
    // A state is made of strings and numbers, which JSON can hold.
    let json = serde_json::to_string(state).unwrap_or_default();
    format!("data: {json}\n\n").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_names_are_this_machine() {
        for (origin, expected) in [
            ("http://127.0.0.1:8080", true),
            ("https://localhost", true),
            ("http://[::1]:8080", true),
            ("http://app.localhost:8080", true),
            ("http://127.0.0.1.example.org", false),
            ("http://localhost.example.org", false),
            ("http://192.168.0.7:8080", false),
            ("null", false),
        ] {
            assert_eq!(is_loopback(origin), expected, "{origin}");
        }
    }
}
