//! Acts that the needs of the application allow.

use std::{
    fs::{self, File},
    io::{self, Write},
    net::{Ipv4Addr, TcpListener, TcpStream, ToSocketAddrs},
    os::unix::{
        fs::PermissionsExt,
        net::{UnixDatagram, UnixStream},
    },
    path::Path,
    thread,
    time::SystemTime,
};

use super::act::{Act, Expected::Allowed};
use crate::seal::Needs;

/// Tries all needs, and the grants of every process.
pub(super) fn acts(needs: &Needs) -> Vec<Act> {
    let allowed = |act: String, outcome: io::Result<()>| Act::new(act, Allowed, &outcome);
    let mut acts = vec![allowed("read /proc/self/status".into(), fs::read("/proc/self/status").map(drop))];
    for folder in &needs.write {
        acts.push(allowed(format!("write in {}", folder.display()), keep(folder)));
    }
    for path in needs.read.iter().filter(|path| path.exists()) {
        acts.push(allowed(format!("read {}", path.display()), read(path)));
    }
    for port in &needs.listen {
        acts.push(allowed(format!("bind port {port}"), bind(*port)));
    }
    for port in &needs.connect {
        acts.push(allowed(format!("connect to port {port}"), connect(*port)));
    }
    acts.push(allowed("start a thread".into(), thread::Builder::new().spawn(|| ()).map(drop)));
    acts.push(allowed("open a pair of Unix sockets".into(), UnixStream::pair().map(drop)));
    if !needs.unix.is_empty() {
        acts.push(allowed("open a Unix socket".into(), UnixDatagram::unbound().map(drop)));
    }
    if needs.names {
        acts.push(allowed("look localhost up".into(), ("localhost", 0).to_socket_addrs().map(drop)));
    }
    acts
}

/// Writes a file as a database does: its mode and times are set, it is synced with its folder, moved, truncated and
/// removed.
fn keep(folder: &Path) -> io::Result<()> {
    let (made, moved) = (folder.join(".kiln-seal-check"), folder.join(".kiln-seal-check-moved"));
    let mut file = File::create(&made)?;
    file.set_permissions(fs::Permissions::from_mode(0o600))?;
    file.write_all(b"kept")?;
    file.set_modified(SystemTime::UNIX_EPOCH)?;
    file.sync_all()?;
    File::open(folder)?.sync_all()?;
    fs::rename(&made, &moved)?;
    file.set_len(1)?;
    fs::remove_file(&moved)
}

fn read(path: &Path) -> io::Result<()> {
    if path.is_dir() { fs::read_dir(path).map(drop) } else { File::open(path).map(drop) }
}

/// Binds a port; one that is in use counts as bound, since the kernel checks the seal first.
fn bind(port: u16) -> io::Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Ok(()),
        outcome => outcome.map(drop),
    }
}

/// Connects to a port on this machine; a refused connection counts as allowed, since the kernel checks the seal first.
fn connect(port: u16) -> io::Result<()> {
    match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
        outcome => outcome.map(drop),
    }
}
