//! What the application has named, and a seal must not refuse.

use std::{
    fs::{self, File},
    io::{self, Write},
    net::{Ipv4Addr, TcpListener, TcpStream, ToSocketAddrs},
    path::Path,
};

use super::act::{Act, Expected::Allowed};
use crate::seal::Needs;

/// Tries everything that is named, and what every process is granted.
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
    if needs.names {
        acts.push(allowed("look localhost up".into(), ("localhost", 0).to_socket_addrs().map(drop)));
    }
    acts
}

/// As a database does: a file is written, synced with its folder, moved, cut and removed.
fn keep(folder: &Path) -> io::Result<()> {
    let (made, moved) = (folder.join(".kiln-seal-check"), folder.join(".kiln-seal-check-moved"));
    let mut file = File::create(&made)?;
    file.write_all(b"kept")?;
    file.sync_all()?;
    File::open(folder)?.sync_all()?;
    fs::rename(&made, &moved)?;
    file.set_len(1)?;
    fs::remove_file(&moved)
}

fn read(path: &Path) -> io::Result<()> {
    if path.is_dir() { fs::read_dir(path).map(drop) } else { File::open(path).map(drop) }
}

/// A port in use has been bound before, by whoever uses it, so the kernel allows it.
fn bind(port: u16) -> io::Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Ok(()),
        outcome => outcome.map(drop),
    }
}

/// Nobody may listen on this machine; a seal would not let us know.
fn connect(port: u16) -> io::Result<()> {
    match TcpStream::connect((Ipv4Addr::LOCALHOST, port)) {
        Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => Ok(()),
        outcome => outcome.map(drop),
    }
}
