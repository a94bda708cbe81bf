//! Parts that the plaintext and the TLS server share: their workers, and what all connections have in common.

use std::{net::SocketAddr, num::NonZeroUsize};

use actix_server::{GracefulShutdownSignal, ServerBuilder};
use actix_web::http::header::HeaderValue;

use super::{
    activity::Activity,
    application::Application,
    options::ServerOptions,
    places::{GUESTS, Places},
};
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
    pub(super) places: Places,
    /// Tells every connection to end.
    pub(super) stop: GracefulShutdownSignal,
    pub(super) address: SocketAddr,
    /// Sent with TLS alone (RFC 6797 §7.2).
    pub(super) hsts: Option<HeaderValue>,
}

impl ConnectionContext {
    pub(super) fn new<S>(
        application: &Application<S>,
        activity: &Activity,
        stop: GracefulShutdownSignal,
    ) -> Self {
        let Application { options, phases, address, tls, .. } = application;
        let hsts = tls.as_ref().and_then(|tls| HeaderValue::try_from(tls.hsts()).ok());
        let places = Places::new(options, phases);
        let (activity, options, phases) = (activity.clone(), options.clone(), phases.clone());
        Self { activity, options, phases, places, stop, address: *address, hsts }
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
    let connections = options.max_connections.get().saturating_add(GUESTS);
    ServerBuilder::new()
        .workers(workers.get())
        .max_concurrent_connections(connections.div_ceil(workers.get()))
        .shutdown_timeout(shutdown_timeout)
        .disable_signals()
}
