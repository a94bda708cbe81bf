//! The process between a build and a command: this very executable, started once more in this role.
//!
//! It waits for two things: that the command ends, and that its standard input does. The build holds the other
//! end of that pipe and never writes to it, so that it closes when the build ends: at an error, at a timeout, and
//! when the build is killed in a way that it cannot see. Whichever comes first, everything that the command has
//! started is killed before the supervisor ends. It has a process group of its own, so that Ctrl-C in a terminal,
//! which ends the build, does not end it before its work is done.
//!
//! On Linux, whatever the command started is found, even what has left its process group: orphans become
//! children of the supervisor. Elsewhere the process group is ended, and a daemon that has left it stays.

use std::{
    env, io,
    process::{Command, ExitStatus},
};

/// The first argument of a supervisor.
const ROLE: &str = "kiln:supervise";

/// The proof that this executable takes the role when it is started with it.
#[derive(Clone, Copy, Debug)]
pub struct Supervisor(());

/// Lets this executable supervise external steps: the same executable is started once more to supervise a command,
/// so that `main` calls this before anything else. Does not return in that second process.
#[must_use]
pub fn supervise() -> Supervisor {
    let mut arguments = env::args_os().skip(1);
    if arguments.next().is_some_and(|role| role == ROLE) {
        // Not the caller's process, though it looks so: nothing of the caller's may run in it.
        std::process::exit(attend(arguments));
    }
    Supervisor(())
}

impl Supervisor {
    /// This executable as a supervisor; the command is to be added.
    pub(super) fn command(supervisor: Option<Self>) -> io::Result<Command> {
        if supervisor.is_none() {
            return Err(io::Error::other("this program has to call `supervise()` before anything else"));
        }
        let mut command = Command::new(env::current_exe()?);
        command.arg(ROLE);
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok(command)
    }
}

/// How a command ended, from how its supervisor did.
pub(super) fn ending(supervisor: ExitStatus) -> String {
    match supervisor.code() {
        Some(UNSTARTED) => "could not be started".to_owned(),
        Some(code) if code > SIGNALLED => format!("was killed by signal {}", code - SIGNALLED),
        Some(code) => format!("ended with exit code {code}"),
        None => format!("lost its supervisor: {supervisor}"),
    }
}

/// As in shells.
const UNSTARTED: i32 = 127;
const SIGNALLED: i32 = 128;

#[cfg(unix)]
fn attend(mut command: impl Iterator<Item = std::ffi::OsString>) -> i32 {
    unix::attend(&command.next().unwrap_or_default(), command)
}

#[cfg(not(unix))]
fn attend(_: impl Iterator<Item = std::ffi::OsString>) -> i32 {
    eprintln!("external steps take process groups, which this system does not have");
    UNSTARTED
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

    use super::{SIGNALLED, UNSTARTED};

    pub(super) fn attend(program: &OsStr, arguments: impl Iterator<Item = OsString>) -> i32 {
        #[cfg(target_os = "linux")]
        super::orphans::adopt();
        let spawned = Command::new(program).args(arguments).stdin(Stdio::null()).process_group(0).spawn();
        match spawned {
            Ok(child) => until_its_end(child),
            Err(cause) => {
                // Standard error is what the build shows of a failed command.
                eprintln!("{}: {cause}", program.display());
                UNSTARTED
            }
        }
    }

    fn until_its_end(mut child: Child) -> i32 {
        let id = Pid::from_child(&child);
        let group = Arc::new(Group(Mutex::new(Some(id))));
        let watched = Arc::clone(&group);
        thread::spawn(move || {
            // Ends when the build does.
            let _ = io::copy(&mut io::stdin(), &mut io::sink());
            watched.kill();
        });
        // Not reaped yet: until the group is killed, its number must not be given to another.
        while waitid(WaitId::Pid(id), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT)
            .is_err_and(|error| error == rustix::io::Errno::INTR)
        {}
        group.kill();
        group.forget();
        let status = child.wait();
        #[cfg(target_os = "linux")]
        super::orphans::end();
        status.map_or(UNSTARTED, |status| {
            status.code().unwrap_or_else(|| SIGNALLED + status.signal().unwrap_or_default())
        })
    }

    /// The processes of the command that have not left its group.
    struct Group(Mutex<Option<Pid>>);

    impl Group {
        fn kill(&self) {
            if let Some(id) = *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
                // None is left, or it is being killed already.
                let _ = kill_process_group(id, Signal::KILL);
            }
        }

        fn forget(&self) {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}

/// Processes whose parents have ended, which the kernel gives to this one.
#[cfg(target_os = "linux")]
mod orphans {
    use std::fs;

    use rustix::{
        io::Errno,
        process::{Pid, Signal, WaitOptions, getpid, kill_process, set_child_subreaper, wait},
    };

    pub(super) fn adopt() {
        // Kernels before 3.4 do not know this; there the process group has to do.
        let _ = set_child_subreaper(Some(getpid()));
    }

    /// Kills children until there are none: those of each that dies become this process's.
    pub(super) fn end() {
        loop {
            for child in children() {
                // It may have ended by itself.
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

    /// The fourth field of `/proc/PID/stat` (`proc_pid_stat(5)`); the second is a name in parentheses, which
    /// may hold anything.
    fn parent(process: i32) -> Option<i32> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        let (_, fields) = stat.rsplit_once(')')?;
        fields.split_whitespace().nth(1)?.parse().ok()
    }
}
