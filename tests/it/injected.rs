//! System calls that are put into the serving, sealed executable from outside, as the code of an attacker inside would
//! make them: the seal has to hold in every thread, and after the listeners stand.

use std::{fs, io};

use nix::{
    errno::Errno,
    sys::{
        ptrace,
        signal::Signal::SIGTRAP,
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::Pid,
};
use rustix::process::Signal;

use crate::process::{Serving, folder, whatsit};

/// A call, and the error by which the seal answers it. With arguments of zero the kernel itself would answer otherwise.
type Case = (&'static str, i64, [u64; 4], Errno);

/// Only zeros.
const NONE: [u64; 4] = [0; 4];
const TCP: [u64; 4] = [libc::AF_INET as u64, libc::SOCK_STREAM as u64, 0, 0];

const CASES: &[Case] = &[
    ("fork", libc::SYS_fork, NONE, Errno::EPERM),
    ("vfork", libc::SYS_vfork, NONE, Errno::EPERM),
    ("clone of a process", libc::SYS_clone, [libc::SIGCHLD as u64, 0, 0, 0], Errno::EPERM),
    ("clone3", libc::SYS_clone3, NONE, Errno::ENOSYS),
    ("execve", libc::SYS_execve, NONE, Errno::EPERM),
    ("execve by x32", 0x4000_0208, NONE, Errno::ENOSYS),
    ("a call of the future", 470, NONE, Errno::ENOSYS),
    ("openat2", libc::SYS_openat2, NONE, Errno::ENOSYS),
    ("bind", libc::SYS_bind, [u64::MAX, 0, 0, 0], Errno::EPERM),
    ("listen", libc::SYS_listen, [u64::MAX, 0, 0, 0], Errno::EPERM),
    (
        "a local socket",
        libc::SYS_socket,
        [libc::AF_UNIX as u64, libc::SOCK_STREAM as u64, 0, 0],
        Errno::EPERM,
    ),
    (
        "a netlink socket",
        libc::SYS_socket,
        [libc::AF_NETLINK as u64, libc::SOCK_RAW as u64, 0, 0],
        Errno::EPERM,
    ),
    ("chmod", libc::SYS_chmod, NONE, Errno::EPERM),
    ("chown", libc::SYS_chown, NONE, Errno::EPERM),
    ("utimensat of a path", libc::SYS_utimensat, [0, 8, 0, 0], Errno::EPERM),
    ("setxattr", libc::SYS_setxattr, NONE, Errno::EPERM),
    ("a set-user-ID file", libc::SYS_openat, [0, 0, libc::O_CREAT as u64, 0o4700], Errno::EPERM),
    ("fchmod to set-group-ID", libc::SYS_fchmod, [u64::MAX, 0o2700, 0, 0], Errno::EPERM),
    ("limits of process 1", libc::SYS_prlimit64, [1, 0, 0, 0], Errno::EPERM),
    ("the priority of process 1", libc::SYS_setpriority, [0, 1, 0, 0], Errno::EPERM),
    ("the processors of process 1", libc::SYS_sched_setaffinity, [1, 0, 0, 0], Errno::EPERM),
    ("ptrace", libc::SYS_ptrace, [libc::PTRACE_ATTACH as u64, 1, 0, 0], Errno::EPERM),
    ("fsopen", libc::SYS_fsopen, NONE, Errno::EPERM),
    ("mount_setattr", libc::SYS_mount_setattr, NONE, Errno::EPERM),
    ("shmget", libc::SYS_shmget, NONE, Errno::EPERM),
    ("io_uring_setup", libc::SYS_io_uring_setup, NONE, Errno::EPERM),
    ("TIOCSTI", libc::SYS_ioctl, [0, libc::TIOCSTI, 0, 0], Errno::EPERM),
];

#[tokio::test]
async fn calls_injected_into_any_thread_of_a_serving_executable_are_refused() {
    let folder = folder();
    let serving = Serving::spawn(whatsit(folder.path(), &[]));
    let origin = serving.origin.clone();
    identify(&origin).await;
    let mut broken = Vec::new();
    let mut traced_threads = 0;
    for thread in threads(serving.id()) {
        let traced = match Traced::attach(thread) {
            Err(Errno::EPERM) => {
                eprintln!("SKIPPED: this system lets no process trace its child");
                return;
            }
            // A thread without work may have ended.
            Err(Errno::ESRCH) => continue,
            attached => attached.expect("the thread stops"),
        };
        traced_threads += 1;
        for (name, number, arguments, expected) in CASES {
            let answer = traced.call(*number, *arguments);
            if answer != Err(*expected) {
                broken.push(format!("{name} in thread {thread}: {answer:?}"));
            }
        }
        // What the server does itself passes, so that the errors above are those of the filter.
        let socket = traced.call(libc::SYS_socket, TCP).expect("a TCP socket");
        traced.call(libc::SYS_close, [socket, 0, 0, 0]).expect("it closes");
        traced.detach();
    }
    assert!(broken.is_empty(), "{broken:#?}");
    assert!(traced_threads > 1, "the main thread and the workers");
    identify(&origin).await;
    serving.signal(Signal::TERM);
    let (code, log) = serving.wait();
    assert_eq!(code, Some(0), "{log}");
}

async fn identify(origin: &str) {
    let upload =
        reqwest::Client::new().post(format!("{origin}/api/identify")).body("fn main() {}\n".repeat(9));
    assert_eq!(upload.send().await.expect("an answer").status(), 200);
}

/// Threads of a process that are there now.
fn threads(process: u32) -> Vec<Pid> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("a process");
    let id = |entry: io::Result<fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    tasks.filter_map(id).map(Pid::from_raw).collect()
}

/// A thread that waits in a system call, stopped.
struct Traced {
    thread: Pid,
    waiting: libc::user_regs_struct,
}

impl Traced {
    /// Stops the thread. One that runs is left to run on, until it waits for work.
    fn attach(thread: Pid) -> nix::Result<Self> {
        // The instruction `syscall`, in the order of its bytes.
        const SYSCALL: i64 = 0x050f;
        loop {
            ptrace::attach(thread)?;
            if !matches!(waitpid(thread, Some(WaitPidFlag::__WALL))?, WaitStatus::Stopped(..)) {
                return Err(Errno::ESRCH);
            }
            let waiting = ptrace::getregs(thread)?;
            let before = ptrace::read(thread, (waiting.rip - 2) as ptrace::AddressType);
            if before.is_ok_and(|instruction| instruction & 0xffff == SYSCALL) {
                return Ok(Self { thread, waiting });
            }
            ptrace::detach(thread, None)?;
        }
    }

    /// Has the thread make one call.
    fn call(&self, number: i64, [rdi, rsi, rdx, r10]: [u64; 4]) -> Result<u64, Errno> {
        let rip = self.waiting.rip - 2;
        // Without a call of its own (`orig_rax`) the kernel does not begin the interrupted one again.
        let (rax, orig_rax) = (number.cast_unsigned(), u64::MAX);
        let registers = libc::user_regs_struct { rip, rax, orig_rax, rdi, rsi, rdx, r10, ..self.waiting };
        ptrace::setregs(self.thread, registers).expect("registers");
        loop {
            ptrace::step(self.thread, None).expect("a step");
            match waitpid(self.thread, Some(WaitPidFlag::__WALL)).expect("it stops") {
                WaitStatus::Stopped(_, SIGTRAP) => break,
                WaitStatus::Stopped(..) => {}
                ended => panic!("the thread ended: {ended:?}"),
            }
        }
        let answer = ptrace::getregs(self.thread).expect("registers").rax;
        match i32::try_from(answer.cast_signed()) {
            Ok(error @ -4095..=-1) => Err(Errno::from_raw(-error)),
            _ => Ok(answer),
        }
    }

    /// Lets the thread wait on as before.
    fn detach(self) {
        ptrace::setregs(self.thread, self.waiting).expect("registers");
        ptrace::detach(self.thread, None).expect("it runs on");
    }
}
