//! What can be set about serving, with defaults that suit a server behind a load balancer.

use std::{num::NonZeroUsize, time::Duration};

/// How an application serves and stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerOptions {
    /// Worker threads; `None` is one for each core.
    pub workers: Option<NonZeroUsize>,
    /// How long an idle connection is kept. Longer than the 60 s after which common load balancers drop
    /// theirs, so that it is never the server that closes a connection just chosen for a request.
    pub keep_alive: Duration,
    /// How long a client may take to send the head of a request; by TLS, to shake hands, and to begin HTTP/2.
    pub request_head_timeout: Duration,
    /// How long a client may take nothing of an answer that is on its way, by the kernel's count
    /// (`TCP_USER_TIMEOUT`, on Linux alone): then its connection is dropped, and with it what was kept for it. By
    /// HTTP/2 an answer is reset as well, on any system, whose client gives it no room for as long.
    pub write_stall: Duration,
    /// How long a client may take to close after the server has.
    pub disconnect_timeout: Duration,
    /// The longest head of a request, in bytes; at most [`MAX_HEAD`](super::MAX_HEAD).
    pub max_head: usize,
    /// The largest body, in bytes, that extractors collect in memory. Handlers that stream set their own.
    pub max_body: usize,
    /// How many connections are served at once, divided among the workers; more wait to be accepted.
    pub max_connections: NonZeroUsize,
    /// Whose the listening socket is.
    pub listener: ListenerUse,
    /// How to stop.
    pub drain: DrainOptions,
}

/// Whose the listening socket is, which decides what may be done to it on the way out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenerUse {
    /// This process alone accepts from it, so it is closed to newcomers before the drain.
    Exclusive,
    /// Other processes have sockets of their own on the same port (`SO_REUSEPORT`). It begins to listen when
    /// the application is ready, and leaves newcomers to a successor, or to nobody where there is none.
    Grouped,
    /// Another process holds it too (a service manager, or a successor): connections that this process has
    /// not accepted are left for the other.
    Shared,
}

/// How an application stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DrainOptions {
    /// How long to go on accepting while `/readyz` already says no, for load balancers to notice.
    pub pause: Duration,
    /// How long requests in flight may take after the pause.
    pub deadline: Duration,
    /// How long a connection must have been silent before it is closed under an idle client. It covers
    /// the time that a request already under way needs to arrive.
    pub idle_grace: Duration,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            workers: None,
            keep_alive: Duration::from_secs(75),
            request_head_timeout: Duration::from_secs(10),
            write_stall: Duration::from_secs(30),
            disconnect_timeout: Duration::from_secs(2),
            max_head: 32 * 1024,
            max_body: 2 * 1024 * 1024,
            max_connections: const { NonZeroUsize::new(20_000).unwrap() },
            listener: ListenerUse::Exclusive,
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
