//! The listening socket: its queue, its owners, and the options that accepted connections inherit.

use std::{net::TcpListener, time::Duration};

/// Length of the queue of connections to be accepted; the kernel limits it further (`somaxconn`).
pub(crate) const BACKLOG: i32 = 4096;

/// Owners of the listening socket, which decide how it may be closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListenerOwnership {
    /// This process alone accepts from it, so it is closed to new connections before the drain.
    Exclusive,
    /// Other processes have sockets of their own on the same port (`SO_REUSEPORT`). It begins to listen when
    /// the application is ready, and leaves new connections to a successor, if there is one.
    Grouped,
    /// Another process holds the same socket (systemd, or a successor): connections that this process has
    /// not accepted are left for the other.
    Shared,
}

/// Whether several processes may bind the same port (`SO_REUSEPORT`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReusePort {
    /// One process alone may bind it.
    #[default]
    Disabled,
    /// Any number of processes of the same user may bind it that enable it too.
    Enabled,
}

/// Has the kernel end connections whose client takes nothing of an answer for `limit` (`man 7 tcp`,
/// `TCP_USER_TIMEOUT`): a window that stays shut counts, and so do segments that are never acknowledged. Accepted
/// connections inherit the option.
#[cfg(target_os = "linux")]
pub(super) fn set_write_timeout(listener: &TcpListener, limit: Duration) {
    if let Err(error) = socket2::SockRef::from(listener).set_tcp_user_timeout(Some(limit)) {
        tracing::warn!(%error, "cannot set TCP_USER_TIMEOUT; stalled clients keep their connections");
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn set_write_timeout(_listener: &TcpListener, _limit: Duration) {}
