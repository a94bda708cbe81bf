//! The listening sockets of a process: passed on by systemd, or bound here.
//!
//! systemd can hold a socket open across a restart (`man 5 systemd.socket`); it passes it on by number, and
//! clients that connect in between wait in its queue. Without systemd a successor binds the same
//! port beside its predecessor, with `SO_REUSEPORT`, and begins to listen when it is ready.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use socket2::{Domain, Socket, Type};

use super::options::Options;
use crate::{
    error::Error,
    server::{BACKLOG, ListenerOwnership, ReusePort},
};

/// The sockets of a process that serves.
#[derive(Debug)]
pub struct Sockets {
    /// The listener for clients.
    pub public: TcpListener,
    /// Owners of the public one.
    pub ownership: ListenerOwnership,
    /// The listener for operators.
    pub admin: Option<TcpListener>,
}

/// Name that systemd gives the socket of `--admin-listen` (`FileDescriptorName=`).
const ADMIN: &str = "admin";

impl Sockets {
    /// Takes the sockets that systemd has passed on, and binds the others.
    ///
    /// # Errors
    /// When systemd passed on another kind of socket than a listening TCP socket, or the operating system refuses a
    /// port.
    pub fn bind(options: &Options) -> Result<Self, Error> {
        let Inherited { public, admin } = inherited().map_err(Error::system("take the inherited sockets"))?;
        let (public, ownership) = match (public, options.reuse_port) {
            (Some(listener), _) => (listener, ListenerOwnership::Shared),
            (None, ReusePort::Disabled) => (bind(options.listen)?, ListenerOwnership::Exclusive),
            (None, ReusePort::Enabled) => (bind_reusing(options.listen)?, ListenerOwnership::Grouped),
        };
        let admin = match (admin, options.admin) {
            (Some(listener), _) => Some(listener),
            (None, Some(address)) => Some(match options.reuse_port {
                ReusePort::Disabled => bind(address)?,
                ReusePort::Enabled => listening(bind_reusing(address)?, address)?,
            }),
            (None, None) => None,
        };
        Ok(Self { public, ownership, admin })
    }
}

/// Binds the listener of an application.
///
/// # Errors
/// When the operating system refuses, because the port is taken, say.
pub fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).map_err(|source| Error::Listen { address, source })
}

/// Binds without listening yet: the kernel would hand a share of the new connections to a process that may still
/// fail to start.
fn bind_reusing(address: SocketAddr) -> Result<TcpListener, Error> {
    let bind = || {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
        #[cfg(unix)]
        socket.set_reuse_port(true)?;
        socket.set_reuse_address(true)?;
        socket.bind(&address.into())?;
        Ok(socket.into())
    };
    bind().map_err(|source| Error::Listen { address, source })
}

fn listening(listener: TcpListener, address: SocketAddr) -> Result<TcpListener, Error> {
    let listen = socket2::SockRef::from(&listener).listen(BACKLOG);
    listen.map(|()| listener).map_err(|source| Error::Listen { address, source })
}

/// Sockets that systemd has passed on.
#[derive(Default)]
struct Inherited {
    public: Option<TcpListener>,
    admin: Option<TcpListener>,
}

/// The sockets, and names for them, separated by colons (`man 3 sd_listen_fds`).
#[cfg(unix)]
fn inherited() -> io::Result<Inherited> {
    let mut sockets = listenfd::ListenFd::from_env();
    let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
    let names: Vec<&str> = names.split(':').collect();
    let mut inherited = Inherited::default();
    for index in 0..sockets.len() {
        let slot = match names.get(index) {
            Some(&ADMIN) => &mut inherited.admin,
            _ => &mut inherited.public,
        };
        if slot.is_none() {
            *slot = sockets.take_tcp_listener(index)?;
        }
    }
    Ok(inherited)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the Unix twin can fail")]
fn inherited() -> io::Result<Inherited> {
    Ok(Inherited::default())
}
