//! Where the listening sockets come from: the service manager, or the operating system.
//!
//! systemd can hold a socket open across a restart (`man 5 systemd.socket`); it passes it on by number, and
//! clients that connect in between wait in its queue. Without a service manager a successor binds the same
//! port beside its predecessor, with `SO_REUSEPORT`, and begins to listen when it is ready.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use socket2::{Domain, Socket, Type};

use crate::{error::Error, launch::Options, server::ListenerUse};

/// Whether a port can be bound by several processes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PortUse {
    /// By one alone.
    #[default]
    Alone,
    /// By any number of processes of the same user that say so too (`SO_REUSEPORT`).
    Reused,
}

/// The sockets of a process that serves.
#[derive(Debug)]
pub struct Sockets {
    /// For clients.
    pub public: TcpListener,
    /// Whose it is.
    pub used: ListenerUse,
    /// For whoever watches over the process.
    pub admin: Option<TcpListener>,
}

/// What systemd calls the socket of `--admin-listen` (`FileDescriptorName=`).
const ADMIN: &str = "admin";

impl Options {
    /// Takes the sockets that a service manager has passed on, and binds what is left.
    ///
    /// # Errors
    /// When what was passed on is no listening TCP socket, or the operating system refuses a port.
    pub fn sockets(&self) -> Result<Sockets, Error> {
        let Inherited { public, admin } =
            inherited().map_err(|source| Error::System { what: "take the inherited sockets", source })?;
        let (public, used) = match (public, self.port_use) {
            (Some(listener), _) => (listener, ListenerUse::Shared),
            (None, PortUse::Alone) => (bind(self.listen)?, ListenerUse::Exclusive),
            (None, PortUse::Reused) => (bind_beside(self.listen)?, ListenerUse::Grouped),
        };
        let admin = match (admin, self.admin) {
            (Some(listener), _) => Some(listener),
            (None, Some(address)) => Some(match self.port_use {
                PortUse::Alone => bind(address)?,
                PortUse::Reused => listening(bind_beside(address)?, address)?,
            }),
            (None, None) => None,
        };
        Ok(Sockets { public, used, admin })
    }
}

/// Binds the listener of an application.
///
/// # Errors
/// When the operating system refuses, for one because the port is taken.
pub fn bind(address: SocketAddr) -> Result<TcpListener, Error> {
    TcpListener::bind(address).map_err(|source| Error::Listen { address, source })
}

/// Binds without listening yet: the kernel would hand a share of the newcomers to a process that may still
/// fail to start.
fn bind_beside(address: SocketAddr) -> Result<TcpListener, Error> {
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

/// How many clients may wait to be accepted; the kernel has a limit of its own besides.
pub(crate) const BACKLOG: i32 = 4096;

#[derive(Default)]
struct Inherited {
    public: Option<TcpListener>,
    admin: Option<TcpListener>,
}

/// `man 3 sd_listen_fds`: the sockets, and names for them, separated by colons.
#[cfg(unix)]
fn inherited() -> io::Result<Inherited> {
    let mut sockets = listenfd::ListenFd::from_env();
    let names = std::env::var("LISTEN_FDNAMES").unwrap_or_default();
    let names: Vec<&str> = names.split(':').collect();
    let mut inherited = Inherited::default();
    for index in 0..sockets.len() {
        let place = match names.get(index) {
            Some(&ADMIN) => &mut inherited.admin,
            _ => &mut inherited.public,
        };
        if place.is_none() {
            *place = sockets.take_tcp_listener(index)?;
        }
    }
    Ok(inherited)
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the Unix twin can fail")]
fn inherited() -> io::Result<Inherited> {
    Ok(Inherited::default())
}
