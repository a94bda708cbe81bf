//! The supervisor: the process between a build and a command, which is this executable, started once more.
//!
//! The supervisor waits for the command to exit, and for the end of its own standard input. The build holds the other
//! end of that pipe and never writes to it, so that the pipe closes when the build ends: on an error, on a timeout, and
//! on SIGKILL. At either event, every process that the command has started is killed before the supervisor exits. A
//! process group of its own protects the supervisor from Ctrl-C in a terminal, which ends the build.
//!
//! On Linux, processes that have left the command's process group are found as well: orphans become children of the
//! supervisor. On other systems the process group is killed, and a daemon that has left it survives.

use std::{
    env, io,
    process::{Command, ExitStatus},
};

/// The first argument of a supervisor.
const ROLE: &str = "kiln:supervise";

/// The proof that this executable has called [`supervise`], and so can be started as a supervisor.
#[derive(Clone, Copy, Debug)]
pub struct Supervisor(());

/// Lets this executable supervise external steps. To supervise a command, the executable is started once more, so
/// `main` calls this function before anything else; in the second process it does not return.
#[must_use]
pub fn supervise() -> Supervisor {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_some_and(|role| role == ROLE) {
        // No code of the caller may run in the process of a supervisor.
        std::process::exit(run(arguments));
    }
    Supervisor(())
}

impl Supervisor {
    /// This executable as a supervisor, to which the arguments of the command are appended.
    pub(super) fn command(supervisor: Option<Self>) -> io::Result<Command> {
        if supervisor.is_none() {
            return Err(io::Error::other(
                "no supervisor: pass `kiln_pipeline::supervise()` to `Session::with_supervisor`",
            ));
        }
        let mut command = Command::new(env::current_exe()?);
        command.arg(ROLE);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok(command)
    }
}

/// The end of a command, by the exit status of its supervisor.
pub(super) fn describe(supervisor: ExitStatus) -> String {
    match supervisor.code() {
        Some(NOT_STARTED) => "could not be started".to_owned(),
        Some(code) if code > SIGNAL => format!("was killed by signal {}", code - SIGNAL),
        Some(code) => format!("failed with exit code {code}"),
        None => format!("lost its supervisor: {supervisor}"),
    }
}

/// Exit codes of a supervisor, as in shells: the command could not be started, or was killed by the signal whose number
/// is added to 128.
const NOT_STARTED: i32 = 127;
const SIGNAL: i32 = 128;

#[cfg(unix)]
fn run(mut command: impl Iterator<Item = std::ffi::OsString>) -> i32 {
    unix::run(&command.next().unwrap_or_default(), command)
}

#[cfg(not(unix))]
fn run(_: impl Iterator<Item = std::ffi::OsString>) -> i32 {
    eprintln!("external steps require process groups, which this system does not have");
    NOT_STARTED
}

#[cfg(unix)]
mod unix {
    use std::{
        ffi::{OsStr, OsString},
        io,
        os::unix::process::{CommandExt, ExitStatusExt},
        process::{Child, Command, Stdio},
        sync::{Arc, Mutex, PoisonError},
        thread,
    };

    use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

    use super::{NOT_STARTED, SIGNAL};

    pub(super) fn run(program: &OsStr, arguments: impl Iterator<Item = OsString>) -> i32 {
        #[cfg(target_os = "linux")]
        super::orphans::adopt();
        let spawned = Command::new(program).args(arguments).stdin(Stdio::null()).process_group(0).spawn();
        match spawned {
            Ok(child) => wait(child),
            Err(cause) => {
                // Standard error goes into the log of the command, which the build's error holds.
                eprintln!("{}: {cause}", program.display());
                NOT_STARTED
            }
        }
    }

    fn wait(mut child: Child) -> i32 {
        let id = Pid::from_child(&child);
        let group = Arc::new(Group(Mutex::new(Some(id))));
        let killed_with_build = Arc::clone(&group);
        thread::spawn(move || {
            // Standard input ends when the build does.
            let _ = io::copy(&mut io::stdin(), &mut io::sink());
            killed_with_build.kill();
        });
        // `NOWAIT` leaves the child unreaped: the system must not reuse the group's number before the group is killed.
        while waitid(WaitId::Pid(id), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
            .is_err_and(|error| error == rustix::io::Errno::INTR)
        {}
        group.kill();
        group.forget();
        let status = child.wait();
        #[cfg(target_os = "linux")]
        super::orphans::kill();
        status.map_or(NOT_STARTED, |status| {
            status.code().unwrap_or_else(|| SIGNAL + status.signal().unwrap_or_default())
        })
    }

    /// The process group of the command, until it is reaped.
    struct Group(Mutex<Option<Pid>>);

    impl Group {
        fn kill(&self) {
            if let Some(id) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
                // An error means that the group has no process left.
                let _ = kill_process_group(id, Signal::KILL);
            }
        }

        fn forget(&self) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

/// Orphans: processes whose parents have exited, which the kernel reparents to this one.
#[cfg(target_os = "linux")]
mod orphans {
    use std::fs;

    use rustix::{
        io::Errno,
        process::{Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, wait},
    };

    pub(super) fn adopt() {
        // Kernels before 3.4 have no subreapers; there the process group has to suffice.
        let _ = set_child_subreaper(Some(getpid()));
    }

    /// Kills children until none is left: the children of each become children of this process.
    pub(super) fn kill() {
        loop {
            for child in children() {
                // The process may have exited meanwhile.
                let _ = kill_process(child, Signal::KILL);
            }
            match wait(WaitOptions::empty()) {
                Ok(_) | Err(Errno::INTR) => {}
                Err(_) => return,
            }
        }
    }

    fn children() -> Vec<Pid> {
        let me = getpid().as_raw_nonzero().get();
        let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
        let numbers = processes.filter_map(|entry| entry.file_name().to_str()?.parse::<i32>().ok());
        numbers.filter(|process| parent(*process) == Some(me)).filter_map(Pid::from_raw).collect()
    }

    /// The parent of `process`: the fourth field of `/proc/PID/stat` (`proc_pid_stat(5)`). The second field is a name in
    /// parentheses, which may hold any character.
    fn parent(process: i32) -> Option<i32> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        fields.split_whitespace().nth(1)?.parse().ok()
    }
}
