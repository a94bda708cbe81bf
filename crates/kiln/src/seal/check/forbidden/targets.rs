//! Targets of forbidden acts, made before the seal.

use std::{
    io,
    net::{Ipv4Addr, TcpListener},
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr as UnixAddress, UnixListener},
    },
    path::PathBuf,
};

use crate::seal::Needs;

/// Targets of forbidden acts, made before the seal.
pub(in super::super) struct ForbiddenTargets {
    /// A listener, so that a connection would succeed.
    pub(super) listener: TcpListener,
    /// A listener without a path in the file system.
    pub(super) abstract_listener: UnixListener,
    /// A port that is free and outside the needs.
    pub(super) free_port: u16,
    /// A file that does not exist, in a folder where any process may write.
    pub(super) file: PathBuf,
    /// Whether the needs name a Unix socket.
    pub(super) unix: bool,
    /// Whether the needs resolve names.
    pub(super) names: bool,
}

impl ForbiddenTargets {
    pub(in super::super) fn prepare(needs: &Needs) -> io::Result<Self> {
        let folders = [std::env::temp_dir(), "/var/tmp".into(), "/dev/shm".into(), "/".into()];
        let granted = |folder: &PathBuf| {
            needs
                .write
                .iter()
                .any(|granted| granted.canonicalize().is_ok_and(|granted| folder.starts_with(granted)))
        };
        let folder = folders.into_iter().find(|folder| folder.is_dir() && !granted(folder));
        let folder = folder.ok_or_else(|| io::Error::other("every folder is granted"))?;
        let id = std::process::id();
        let name = UnixAddress::from_abstract_name(format!("kiln-seal-check-{id}"))?;
        Ok(Self {
            listener: ungranted(needs)?,
            abstract_listener: UnixListener::bind_addr(&name)?,
            free_port: ungranted(needs)?.local_addr()?.port(),
            file: folder.join(format!("kiln-seal-check-{id}")),
            unix: !needs.unix.is_empty(),
            names: needs.names,
        })
    }
}

/// A listener on a port outside the needs.
fn ungranted(needs: &Needs) -> io::Result<TcpListener> {
    let named = |port| needs.listen.contains(&port) || needs.connect.contains(&port);
    loop {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        if !named(listener.local_addr()?.port()) {
            return Ok(listener);
        }
    }
}
