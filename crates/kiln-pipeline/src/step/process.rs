//! One command, from the build's side: started under a supervisor, waited for, and reported when it fails.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, Read, Seek},
    path::Path,
    process::{ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use super::supervisor::{self, Supervisor};
use crate::{Config, Error, Result, config::ExternalStep, packages::PackageLock};

/// The number of log lines in an error: tools write the cause of a failure last.
const LOG_LINES: usize = 40;

/// Runs the command of a step to its end.
///
/// # Errors
/// When the command cannot be started, fails, or exceeds its timeout.
pub(super) fn run(config: &Config, supervisor: Option<Supervisor>, step: &ExternalStep) -> Result<()> {
    let failed = |problem: String, log: String| Error::Step { command: step.command.join(" "), problem, log };
    let not_started = |cause: io::Error| failed(format!("could not be started: {cause}"), String::new());
    let mut log = tempfile::tempfile().map_err(not_started)?;
    match run_supervised(config, supervisor, step, &log).map_err(not_started)? {
        Ending::Exited(status) if status.success() => Ok(()),
        Ending::Exited(status) => Err(failed(supervisor::describe(status), last_lines(&mut log))),
        Ending::TimedOut => {
            let problem = format!("timed out after {} s", step.timeout.as_secs());
            Err(failed(problem, last_lines(&mut log)))
        }
        Ending::ParentExited => {
            Err(failed("was stopped: the parent process of the build has exited".to_owned(), String::new()))
        }
    }
}

enum Ending {
    Exited(ExitStatus),
    TimedOut,
    /// The process that started the build has exited.
    ParentExited,
}

fn run_supervised(
    config: &Config,
    supervisor: Option<Supervisor>,
    step: &ExternalStep,
    log: &File,
) -> io::Result<Ending> {
    let folder = step.directory(&config.root);
    let mut command = Supervisor::command(supervisor)?;
    command
        .args(&step.command)
        .current_dir(&folder)
        .env("PATH", search_path(config, &folder)?)
        .stdin(Stdio::piped())
        .stdout(log.try_clone()?)
        .stderr(log.try_clone()?);
    let mut child = command.spawn()?;
    // The supervisor kills the command when this end of the pipe closes, which it does however this process ends.
    let pipe = child.stdin.take();
    let (sender, exit_status) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait()));
    let ending = wait(&exit_status, step.timeout)?;
    if !matches!(ending, Ending::Exited(_)) {
        drop(pipe);
        exit_status.recv().map_err(io::Error::other)??;
    }
    Ok(ending)
}

/// The interval at which the parent process is checked.
const PARENT_CHECK: Duration = Duration::from_secs(1);

fn wait(exit_status: &Receiver<io::Result<ExitStatus>>, timeout: Duration) -> io::Result<Ending> {
    let (start, parent) = (Instant::now(), parent());
    loop {
        let left = timeout.saturating_sub(start.elapsed());
        match exit_status.recv_timeout(left.min(PARENT_CHECK)) {
            Err(RecvTimeoutError::Timeout) if parent != self::parent() => return Ok(Ending::ParentExited),
            Err(RecvTimeoutError::Timeout) if start.elapsed() >= timeout => return Ok(Ending::TimedOut),
            Err(RecvTimeoutError::Timeout) => {}
            outcome => return Ok(Ending::Exited(outcome.map_err(io::Error::other)??)),
        }
    }
}

/// The parent process: cargo, for a build script. When cargo alone is killed, an ancestor adopts the build script.
#[cfg(unix)]
fn parent() -> Option<rustix::process::Pid> {
    rustix::process::getppid()
}

#[cfg(not(unix))]
fn parent() {}

/// `PATH` of a command. Programs of npm packages come first, as in the scripts of package.json.
fn search_path(config: &Config, folder: &Path) -> io::Result<OsString> {
    let workspace = PackageLock::of(folder).ok().flatten().map(|lock| lock.folder);
    let folders = [folder, &config.root].map(Path::to_owned).into_iter().chain(workspace);
    let packages = folders.map(|folder| folder.join("node_modules/.bin"));
    let present = env::var_os("PATH").unwrap_or_default();
    env::join_paths(packages.chain(env::split_paths(&present))).map_err(io::Error::other)
}

fn last_lines(log: &mut File) -> String {
    let mut written = Vec::new();
    // An unreadable log leaves the error without one.
    let _ = log.rewind().and_then(|()| log.read_to_end(&mut written));
    let text = String::from_utf8_lossy(&written);
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(LOG_LINES)..].join("\n")
}
