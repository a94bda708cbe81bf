//! The gate of the accept queue, which a drain closes in two steps.
//!
//! Closing a listener resets every connection that waits in the kernel's accept queue, although its client
//! believes itself connected and may have sent its request. So the queue is emptied first: the socket is
//! told to ignore new connections, the acceptor takes the rest, and only then the socket is closed.

use std::{io, net::TcpListener, time::Duration};

use super::listener::{BACKLOG, ListenerOwnership};

/// Time for half-done handshakes to reach the accept queue: a round trip to a client far away.
pub(super) const HANDSHAKE_GRACE: Duration = Duration::from_millis(200);

/// A second handle of the listener that the acceptor uses.
#[derive(Debug)]
pub(super) struct ListenerGate {
    listener: TcpListener,
    ownership: ListenerOwnership,
}

impl ListenerGate {
    pub(super) fn new(listener: &TcpListener, ownership: ListenerOwnership) -> io::Result<Self> {
        Ok(Self { listener: listener.try_clone()?, ownership })
    }

    /// Begins to listen, where that was put off until now.
    pub(super) fn open(&self) -> io::Result<()> {
        match self.ownership {
            ListenerOwnership::Exclusive | ListenerOwnership::Shared => Ok(()),
            ListenerOwnership::Grouped => socket2::SockRef::from(&self.listener).listen(BACKLOG),
        }
    }

    /// Makes the kernel drop the first segment of every new handshake. A client sends it again after a
    /// second, and then meets a closed port (and its load balancer, another server) rather than a reset.
    pub(super) fn ignore_new_connections(&self) -> NewConnections {
        if self.ownership == ListenerOwnership::Grouped
            && let Err(error) = divert_to_successor(&self.listener)
        {
            tracing::debug!(%error, "cannot divert new connections to a successor on this system");
        }
        match self.ownership {
            ListenerOwnership::Shared => NewConnections::LeftToOthers,
            ListenerOwnership::Exclusive | ListenerOwnership::Grouped => {
                match drop_first_segments(&self.listener) {
                    Ok(()) => NewConnections::Ignored,
                    Err(error) => {
                        tracing::debug!(%error, "cannot ignore new connections on this system");
                        NewConnections::Refused
                    }
                }
            }
        }
    }

    /// Makes the kernel refuse connections from now on.
    pub(super) fn close(&self) {
        if self.ownership != ListenerOwnership::Shared {
            // Systems other than Linux refuse to shut a listening socket down; there, the port closes with
            // the acceptor.
            let _ = socket2::SockRef::from(&self.listener).shutdown(std::net::Shutdown::Read);
        }
    }
}

/// Fate of connections that arrive once the gate is closing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NewConnections {
    /// Dropped first segments, so that clients try again and find the port closed.
    Ignored,
    /// Left in the queue for the other process.
    LeftToOthers,
    /// Queued until the socket closes, and refused then.
    Refused,
}

/// Sockets on one port are numbered in the order in which they began to listen, and closing one gives its
/// number to the last: the process that leaves is 0, its successor 1. An unused number leaves the
/// choice as it was (`man 7 socket`, `SO_ATTACH_REUSEPORT_CBPF`).
#[cfg(target_os = "linux")]
fn divert_to_successor(listener: &TcpListener) -> io::Result<()> {
    use nix::sys::socket::{setsockopt, sockopt::AttachReusePortCbpf};

    const RETURN: u16 = 0x06;
    const SUCCESSOR: u32 = 1;
    let mut choice = [libc::sock_filter { code: RETURN, jt: 0, jf: 0, k: SUCCESSOR }];
    let program = libc::sock_fprog { len: 1, filter: choice.as_mut_ptr() };
    setsockopt(listener, AttachReusePortCbpf, &program).map_err(Into::into)
}

#[cfg(not(target_os = "linux"))]
fn divert_to_successor(_listener: &TcpListener) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(target_os = "linux")]
fn drop_first_segments(listener: &TcpListener) -> io::Result<()> {
    use socket2::{SockFilter, SockRef};

    // Classic BPF (linux/filter.h) as it runs on a TCP socket: the packet begins at the TCP header, whose
    // 14th byte holds the flags (RFC 9293 §3.1).
    const LOAD_BYTE: u16 = 0x30;
    const AND: u16 = 0x54;
    const JUMP_IF_EQUAL: u16 = 0x15;
    const RETURN: u16 = 0x06;
    const FLAGS_OFFSET: u32 = 13;
    const SYN: u32 = 0x02;
    const ACK: u32 = 0x10;
    const ACCEPT: u32 = u32::MAX;
    const DROP: u32 = 0;

    SockRef::from(listener).attach_filter(&[
        SockFilter::new(LOAD_BYTE, 0, 0, FLAGS_OFFSET),
        SockFilter::new(AND, 0, 0, SYN | ACK),
        SockFilter::new(JUMP_IF_EQUAL, 0, 1, SYN),
        SockFilter::new(RETURN, 0, 0, DROP),
        SockFilter::new(RETURN, 0, 0, ACCEPT),
    ])
}

#[cfg(not(target_os = "linux"))]
fn drop_first_segments(_listener: &TcpListener) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::net::TcpStream;

    use super::*;

    #[test]
    fn queued_connections_stay_and_later_ones_are_ignored_then_refused() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let gate = ListenerGate::new(&listener, ListenerOwnership::Exclusive).expect("a second handle");
        let connect = || TcpStream::connect_timeout(&address, Duration::from_millis(100));

        let queued = connect().expect("the queue takes it");
        assert_eq!(gate.ignore_new_connections(), NewConnections::Ignored);
        assert_eq!(connect().err().map(|error| error.kind()), Some(io::ErrorKind::TimedOut));

        let (_accepted, peer) = listener.accept().expect("the queued one is still there");
        assert_eq!(Some(peer), queued.local_addr().ok());
        gate.close();
        assert_eq!(connect().err().map(|error| error.kind()), Some(io::ErrorKind::ConnectionRefused));
    }

    #[test]
    fn a_shared_listener_is_left_as_it_is() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let gate = ListenerGate::new(&listener, ListenerOwnership::Shared).expect("a second handle");
        assert_eq!(gate.ignore_new_connections(), NewConnections::LeftToOthers);
        gate.close();
        assert!(TcpStream::connect(address).is_ok());
    }
}
