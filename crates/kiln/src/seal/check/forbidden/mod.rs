//! Acts that a server never needs, and the seal has to refuse.

mod calls;

mod targets;

use std::{
    ffi::CStr,
    fs,
    io::{self, IoSliceMut, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream, UdpSocket},
    os::unix::net::{UnixDatagram, UnixListener, UnixStream},
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

pub(super) use self::targets::ForbiddenTargets;
use super::{
    act::{Act, Expected::Refused},
    raw,
};
use crate::seal::system_calls::LIBC_BINDS;

/// Constants of `linux/in.h` and `linux/netlink.h`.
const MPTCP: i32 = 262;
const SCTP: i32 = 132;
const NETLINK_AUDIT: i32 = 9;

/// Tries everything.
pub(super) fn acts(targets: &ForbiddenTargets) -> Vec<Act> {
    let port = targets.listener.local_addr().map(|address| address.port()).unwrap_or_default();
    let neighbour = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let refused = |act: &str, outcome: io::Result<()>| Act::new(act, Refused, &outcome);
    let mut acts = vec![
        refused("start a program", exec(c"/nonexistent/program")),
        refused("start a process", raw::start_process()),
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
    for (name, needed, protocol) in [("a netlink", targets.names, 0), ("an audit", false, NETLINK_AUDIT)] {
        if !needed {
            let socket =
                Socket::new(Domain::from(libc::AF_NETLINK), Type::DGRAM, Some(Protocol::from(protocol)));
            acts.push(refused(&format!("open {name} socket"), socket.map(drop)));
        }
    }
    if !targets.unix {
        acts.push(refused("open a Unix socket", UnixDatagram::unbound().map(drop)));
    }
    acts.extend(calls::acts());
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

/// Tries what is forbidden once the listeners stand.
pub(super) fn acts_after_listening() -> Vec<Act> {
    let refused = |act: &str, outcome: io::Result<()>| Act::new(act, Refused, &outcome);
    let listen = Socket::new(Domain::IPV4, Type::STREAM, None).and_then(|socket| socket.listen(1));
    let mut acts = vec![refused("listen, once the listeners stand", listen)];
    if !LIBC_BINDS {
        let bind = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).map(drop);
        acts.push(refused("bind any port, once the listeners stand", bind));
    }
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
