//! HTTP/1.1 as actix drives it, one request at a time.
//!
//! [`SerialConnection`] lies between the socket and actix. It finds the end of each request, so that the next one waits until
//! the response is written, and it keeps the deadlines of heads, bodies and idle connections.

mod chunked;

mod request_body;

mod head;

mod refusal;

mod timer;

mod admission;

mod held;

mod input;

mod own_responses;

mod drain_watch;

mod linger;

mod serial_connection;

use std::{future::ready, net::SocketAddr, rc::Rc, time::Duration};

use actix_http::{HttpServiceBuilder, KeepAlive, Request, error::DispatchError};
use actix_service::{Service, ServiceFactory, fn_factory};
use actix_web::{HttpResponse, dev::ServiceResponse};
use tokio::io::{AsyncRead, AsyncWrite};

pub(super) use self::serial_connection::SerialConnection;
use super::{
    middleware::TrackedBody,
    worker::{ConnectionContext, WRITE_BUFFER},
};

/// The service of HTTP/1.1 connections. [`SerialConnection`] keeps their deadlines, and actix none.
pub(super) fn service<Io, S>(
    app: &Rc<S>,
    ConnectionContext { options, stop, .. }: &ConnectionContext,
) -> impl ServiceFactory<
    (SerialConnection<Io>, Option<SocketAddr>),
    Config = (),
    Response = (),
    Error = DispatchError,
    InitError = (),
> + use<Io, S>
where
    Io: AsyncRead + AsyncWrite + Unpin + 'static,
    S: Service<Request, Response = ServiceResponse<TrackedBody>, Error = HttpResponse> + 'static,
{
    let (app, stop) = (Rc::clone(app), stop.clone());
    let stop = move || {
        let stop = stop.clone();
        async move { stop.notified().await }
    };
    let keep_alive = if options.keep_alive.is_zero() { KeepAlive::Disabled } else { KeepAlive::Os };
    HttpServiceBuilder::default()
        .graceful_shutdown_signal(stop)
        .h1_write_buffer_size(WRITE_BUFFER)
        .keep_alive(keep_alive)
        .client_request_timeout(Duration::ZERO)
        .client_disconnect_timeout(Duration::ZERO)
        .on_connect_ext(|connection: &SerialConnection<Io>, data| {
            data.insert(connection.exchange());
        })
        .h1::<_, TrackedBody>(fn_factory(move || ready(Ok::<_, ()>(Rc::clone(&app)))))
}
