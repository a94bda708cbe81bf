//! Parts that the plaintext and the TLS server share: their workers, and what all connections have in common.

use std::{net::SocketAddr, num::NonZeroUsize};

use actix_server::{GracefulShutdownSignal, ServerBuilder};

use super::{
    activity::Activity,
    application::Application,
    default_headers::DefaultHeaders,
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
    pub(super) headers: DefaultHeaders,
}

impl ConnectionContext {
    pub(super) fn new<S>(
        application: &Application<S>,
        activity: &Activity,
        stop: GracefulShutdownSignal,
    ) -> Self {
        let Application { options, phases, address, tls, .. } = application;
        let headers = DefaultHeaders::new(tls.as_ref());
        let places = Places::new(options, phases);
        let (activity, options, phases) = (activity.clone(), options.clone(), phases.clone());
        Self { activity, options, phases, places, stop, address: *address, headers }
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
