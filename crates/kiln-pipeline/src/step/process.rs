//! One command, from the build's side: started under a supervisor, waited for, and told of when it fails.

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
use crate::{Config, Error, Result, config::ExternalStep};

/// How many lines of what a command wrote are shown when it fails: tools say at the end what went wrong.
const SHOWN: usize = 40;

/// Runs the command of a step to its end.
pub(super) fn run(
    config: &Config,
    supervisor: Option<Supervisor>,
    step: &ExternalStep,
    folder: &Path,
) -> Result<()> {
    let failed =
        |problem: String, said: String| Error::Step { command: step.command.join(" "), problem, said };
    let unstarted = |cause: io::Error| failed(format!("could not be started: {cause}"), String::new());
    let mut log = tempfile::tempfile().map_err(unstarted)?;
    match supervised(config, supervisor, step, folder, &log).map_err(unstarted)? {
        Ending::Of(status) if status.success() => Ok(()),
        Ending::Of(status) => Err(failed(supervisor::ending(status), last_lines(&mut log))),
        Ending::TimedOut => {
            let problem = format!("was not done after {} s, and was ended", step.timeout.as_secs());
            Err(failed(problem, last_lines(&mut log)))
        }
        Ending::Abandoned => {
            Err(failed("was ended, because what started the build is gone".to_owned(), String::new()))
        }
    }
}

enum Ending {
    Of(ExitStatus),
    TimedOut,
    /// The process that started the build is gone.
    Abandoned,
}

fn supervised(
    config: &Config,
    supervisor: Option<Supervisor>,
    step: &ExternalStep,
    folder: &Path,
    log: &File,
) -> io::Result<Ending> {
    let mut command = Supervisor::command(supervisor)?;
    command
        .args(&step.command)
        .current_dir(folder)
        .env("PATH", search_path(config, folder)?)
        .stdin(Stdio::piped())
        .stdout(log.try_clone()?)
        .stderr(log.try_clone()?);
    let mut child = command.spawn()?;
    // The command lives as long as this end of the pipe is open: it closes when this process ends, however it does.
    let held = child.stdin.take();
    let (told, ended) = mpsc::channel();
    thread::spawn(move || told.send(child.wait()));
    let ending = until_its_end(&ended, step.timeout)?;
    if !matches!(ending, Ending::Of(_)) {
        drop(held);
        ended.recv().map_err(io::Error::other)??;
    }
    Ok(ending)
}

/// How often it is looked whether the process that started the build is still there.
const GLANCE: Duration = Duration::from_secs(1);

fn until_its_end(ended: &Receiver<io::Result<ExitStatus>>, timeout: Duration) -> io::Result<Ending> {
    let (start, parent) = (Instant::now(), parent());
    loop {
        let left = timeout.saturating_sub(start.elapsed());
        match ended.recv_timeout(left.min(GLANCE)) {
            Err(RecvTimeoutError::Timeout) if parent != self::parent() => return Ok(Ending::Abandoned),
            Err(RecvTimeoutError::Timeout) if start.elapsed() >= timeout => return Ok(Ending::TimedOut),
            Err(RecvTimeoutError::Timeout) => {}
            outcome => return Ok(Ending::Of(outcome.map_err(io::Error::other)??)),
        }
    }
}

/// Cargo, for a build script. When cargo alone is killed, a build script is left to an ancestor.
#[cfg(unix)]
fn parent() -> Option<rustix::process::Pid> {
    rustix::process::getppid()
}

#[cfg(not(unix))]
fn parent() {}

/// The programs of npm packages come first, as in the scripts of package.json.
fn search_path(config: &Config, folder: &Path) -> io::Result<OsString> {
    let packages = [folder, &config.root].map(|folder| folder.join("node_modules/.bin"));
    let present = env::var_os("PATH").unwrap_or_default();
    env::join_paths(packages.into_iter().chain(env::split_paths(&present))).map_err(io::Error::other)
}

fn last_lines(log: &mut File) -> String {
    let mut written = Vec::new();
    // What cannot be read cannot be shown; the failure itself is told in any case.
    let _ = log.rewind().and_then(|()| log.read_to_end(&mut written));
    let text = String::from_utf8_lossy(&written);
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(SHOWN)..].join("\n")
}
