//! Acts that a server never needs, and the seal has to refuse.

use std::{
    ffi::CStr,
    fs,
    io::{self, IoSliceMut, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr as UnixAddress, UnixListener, UnixStream},
    },
    path::PathBuf,
};

use nix::{
    kmod::init_module,
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
    sys::{
        ptrace,
        signal::kill,
        uio::{RemoteIoVec, process_vm_readv},
    },
    unistd::{execve, getpid, getppid},
};
use socket2::{Domain, Protocol, Socket, Type};

use super::act::{Act, Expected::Refused};
use crate::seal::Needs;

/// Targets of forbidden acts, made before the seal.
pub(super) struct ForbiddenTargets {
    /// A listener, so that a connection would succeed.
    listener: TcpListener,
    /// A listener without a path in the file system.
    abstract_listener: UnixListener,
    /// A port that is free and outside the needs.
    free_port: u16,
    /// A file that does not exist, in a folder where any process may write.
    file: PathBuf,
}

/// Constants of `linux/in.h` that libc does not have.
const MPTCP: i32 = 262;
const SCTP: i32 = 132;

impl ForbiddenTargets {
    pub(super) fn prepare(needs: &Needs) -> io::Result<Self> {
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

/// Tries everything.
pub(super) fn acts(targets: &ForbiddenTargets) -> Vec<Act> {
    let port = targets.listener.local_addr().map(|address| address.port()).unwrap_or_default();
    let neighbour = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let refused = |act: &str, outcome: io::Result<()>| Act::new(act, Refused, &outcome);
    let mut acts = vec![
        refused("start a program", exec(c"/nonexistent/program")),
        refused("write a file elsewhere", write(targets)),
        refused("read /etc/shadow", fs::read("/etc/shadow").map(drop)),
        refused("list the root folder", fs::read_dir("/").map(drop)),
        refused("look into another process", fs::read("/proc/1/status").map(drop)),
        refused("connect elsewhere", TcpStream::connect(neighbour).map(drop)),
        refused("connect elsewhere while sending", fast_open(neighbour)),
        refused("bind another port", TcpListener::bind((Ipv4Addr::LOCALHOST, targets.free_port)).map(drop)),
        refused("reach an abstract socket", reach(&targets.abstract_listener)),
        refused("signal another process", plain(kill(getppid(), None))),
    ];
    for (name, domain, kind, protocol) in SOCKETS {
        let socket = Socket::new(Domain::from(domain), Type::from(kind), Some(Protocol::from(protocol)));
        acts.push(refused(&format!("open {name} socket"), socket.map(drop)));
    }
    acts.extend([
        refused("read the memory of a process", read_memory()),
        refused("load a kernel module", plain(init_module(&[], c""))),
        refused("mount a file system", mount_nothing()),
        refused("leave the namespace", plain(unshare(CloneFlags::CLONE_NEWUSER))),
        // Last: where it is allowed, later signals would stop this process.
        refused("be traced (ptrace)", plain(ptrace::traceme())),
    ]);
    acts
}

/// Kinds of sockets that would bypass rules about TCP ports.
const SOCKETS: [(&str, i32, i32, i32); 5] = [
    ("a multipath TCP", libc::AF_INET, libc::SOCK_STREAM, MPTCP),
    ("an SCTP", libc::AF_INET, libc::SOCK_STREAM, SCTP),
    ("a raw", libc::AF_INET, libc::SOCK_RAW, libc::IPPROTO_UDP),
    ("a packet", libc::AF_PACKET, libc::SOCK_DGRAM, 0),
    ("a virtual machine", libc::AF_VSOCK, libc::SOCK_STREAM, 0),
];

fn plain<T>(outcome: nix::Result<T>) -> io::Result<()> {
    outcome.map(drop).map_err(Into::into)
}

/// Executes a program that does not exist: without the seal the kernel answers `ENOENT`, and this process goes on.
fn exec(program: &CStr) -> io::Result<()> {
    plain(execve(program, &[program], &[program]))
}

fn write(targets: &ForbiddenTargets) -> io::Result<()> {
    fs::write(&targets.file, "written")?;
    fs::remove_file(&targets.file)
}

/// TCP Fast Open connects without `connect`.
fn fast_open(address: SocketAddr) -> io::Result<()> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, Some(Protocol::TCP))?;
    socket.send_to_with_flags(b"hello", &address.into(), libc::MSG_FASTOPEN).map(drop)
}

fn reach(listener: &UnixListener) -> io::Result<()> {
    UnixStream::connect_addr(&listener.local_addr()?)?.write_all(b"hello")
}

/// Reads the memory of this process, which the call allows to every process without a seal.
fn read_memory() -> io::Result<()> {
    let (source, mut target) = ([7_u8; 8], [0_u8; 8]);
    let remote = RemoteIoVec { base: source.as_ptr() as usize, len: source.len() };
    plain(process_vm_readv(getpid(), &mut [IoSliceMut::new(&mut target)], &[remote]))
}

/// Mounts a file system of an unknown kind: without the seal the kernel answers `ENODEV`, and mounts nothing.
fn mount_nothing() -> io::Result<()> {
    let target = std::env::temp_dir();
    plain(mount(Some("none"), &target, Some("nonexistent"), MsFlags::empty(), None::<&str>))
}
