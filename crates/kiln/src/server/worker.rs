//! Parts that the plaintext and the TLS server share: their workers, and the HTTP/1.1 of actix.

use std::{future::ready, net::SocketAddr, num::NonZeroUsize, rc::Rc};

use actix_http::{HttpServiceBuilder, Request, error::DispatchError};
use actix_server::{GracefulShutdownSignal, ServerBuilder};
use actix_service::{Service, ServiceFactory, fn_factory};
use actix_web::{HttpResponse, dev::ServiceResponse};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{activity::Activity, application::Application, middleware::TrackedBody, options::ServerOptions};
use crate::phase::Phases;

/// Fill level of a write buffer, in bytes, below which one more slice of a body is put into it. With the 32 KiB
/// of actix each slice is a write of its own.
pub(super) const WRITE_BUFFER: usize = 96 * 1024;

/// State that all connections of a server share.
#[derive(Clone)]
pub(super) struct ConnectionContext {
    pub(super) activity: Activity,
    pub(super) options: ServerOptions,
    pub(super) phases: Phases,
    /// Tells every connection to end.
    pub(super) stop: GracefulShutdownSignal,
    pub(super) address: SocketAddr,
}

impl ConnectionContext {
    pub(super) fn new<S>(
        application: &Application<S>,
        activity: &Activity,
        stop: GracefulShutdownSignal,
    ) -> Self {
        let Application { options, phases, address, .. } = application;
        let (activity, options, phases) = (activity.clone(), options.clone(), phases.clone());
        Self { activity, options, phases, stop, address: *address }
    }
}

/// A server with the limits of `options`, which does not listen yet.
pub(super) fn builder(options: &ServerOptions) -> ServerBuilder {
    let workers = match options.workers {
        Some(workers) => workers,
        None => std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
    };
    // The drain keeps its deadline by itself, and in full resolution; the server's own has to come later.
    let shutdown_timeout = options.drain.deadline.as_secs().saturating_add(1);
    ServerBuilder::new()
        .workers(workers.get())
        .max_concurrent_connections(options.max_connections.get().div_ceil(workers.get()))
        .shutdown_timeout(shutdown_timeout)
        .disable_signals()
}

/// HTTP/1.1 as actix drives it.
pub(super) fn http1<Io, S>(
    app: &Rc<S>,
    ConnectionContext { options, stop, .. }: &ConnectionContext,
) -> impl ServiceFactory<
    (Io, Option<SocketAddr>),
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
    HttpServiceBuilder::default()
        .graceful_shutdown_signal(stop)
        .h1_write_buffer_size(WRITE_BUFFER)
        .keep_alive(options.keep_alive)
        .client_request_timeout(options.request_head_timeout)
        .client_disconnect_timeout(options.disconnect_timeout)
        .h1::<_, TrackedBody>(fn_factory(move || ready(Ok::<_, ()>(Rc::clone(&app)))))
}
