//! Options of serving, with defaults that suit a server behind a load balancer.

use std::{num::NonZeroUsize, time::Duration};

use super::{cross_site::CrossSiteWrites, hosts::Hosts, listener::ListenerOwnership};

/// Options of how an application serves and stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerOptions {
    /// Worker threads; `None` is one for each core.
    pub workers: Option<NonZeroUsize>,
    /// Time for which an idle connection is kept. Longer than the 60 s after which common load balancers drop
    /// theirs, so that the server never closes a connection just chosen for a request.
    pub keep_alive: Duration,
    /// Time for a client to send the head of a request; with TLS, also for the handshake and the HTTP/2 preface.
    pub request_head_timeout: Duration,
    /// Time for which a client may send nothing of a body that it has begun; then the request is answered with 408.
    pub body_timeout: Duration,
    /// Least number of bytes of a body a second, after [`body_timeout`](Self::body_timeout) in which a client may fall
    /// behind.
    pub min_body_rate: u32,
    /// Time for which a client may take nothing of a response, by the kernel's count (`TCP_USER_TIMEOUT`, on Linux
    /// alone); then its connection is dropped, and all memory that was kept for it. With HTTP/2 a response whose
    /// client keeps the flow-control window shut for as long is reset too, on any system.
    pub write_timeout: Duration,
    /// Time for a client to close after the server has.
    pub disconnect_timeout: Duration,
    /// The longest head of a request, in bytes; at most [`MAX_HEAD`](super::MAX_HEAD).
    pub max_head: usize,
    /// The largest body, in bytes, that extractors collect in memory. Streaming handlers set limits of their own.
    pub max_body: usize,
    /// Number of connections served at once. Beyond, the requests of some wait for a place, those of others are answered
    /// with 503, and probes are answered always.
    pub max_connections: NonZeroUsize,
    /// Hosts for which requests are answered; others are refused with 421.
    pub hosts: Hosts,
    /// Whether pages of other sites may write.
    pub cross_site_writes: CrossSiteWrites,
    /// Owners of the listening socket.
    pub listener_ownership: ListenerOwnership,
    /// The drain at a stop.
    pub drain: DrainOptions,
}

/// Options of how an application stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrainOptions {
    /// Time to go on accepting while `/readyz` already answers 503, for load balancers to notice.
    pub pause: Duration,
    /// Time for requests in flight, after the pause. A client of HTTP/2 that goes on sending after the end of its
    /// connection, as one does that still reads, is listened to for as long.
    pub deadline: Duration,
    /// Time for which a connection must have been silent before it is closed under an idle client, so that a
    /// request already under way can arrive.
    pub idle_grace: Duration,
}

impl DrainOptions {
    /// Time from the beginning of a drain for clients: to finish bodies of requests, and to take something of a response.
    /// It leaves a quarter of the deadline to the responses, so that a client that does neither costs the drain no error.
    pub(super) fn client_time(self) -> Duration {
        self.pause + self.deadline / 4 * 3
    }
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            workers: None,
            keep_alive: Duration::from_secs(75),
            request_head_timeout: Duration::from_secs(10),
            body_timeout: Duration::from_secs(30),
            min_body_rate: 512,
            write_timeout: Duration::from_secs(30),
            disconnect_timeout: Duration::from_secs(2),
            max_head: 32 * 1024,
            max_body: 2 * 1024 * 1024,
            max_connections: const { NonZeroUsize::new(20_000).unwrap() },
            hosts: Hosts::Any,
            cross_site_writes: CrossSiteWrites::Refused,
            listener_ownership: ListenerOwnership::Exclusive,
            drain: DrainOptions::default(),
        }
    }
}

impl Default for DrainOptions {
    fn default() -> Self {
        Self {
            pause: Duration::ZERO,
            deadline: Duration::from_secs(30),
            idle_grace: Duration::from_millis(500),
        }
    }
}
