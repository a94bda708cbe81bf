//! One command, from the build's side: started under a supervisor, waited for, and told of when it fails.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, Read, Seek},
    path::Path,
    process::{Command, ExitStatus, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
};

use super::supervisor;
use crate::{Config, Error, Result, config::Step};

/// How many lines of what a command wrote are shown when it fails: tools say at the end what went wrong.
const SHOWN: usize = 40;

/// Runs the command of a step to its end.
pub(super) fn run(config: &Config, step: &Step, folder: &Path) -> Result<()> {
    let failed =
        |problem: String, said: String| Error::Step { command: step.command.join(" "), problem, said };
    let unstarted = |cause: io::Error| failed(format!("could not be started: {cause}"), String::new());
    let mut log = tempfile::tempfile().map_err(unstarted)?;
    match supervised(config, step, folder, &log).map_err(unstarted)? {
        Ending::Of(status) if status.success() => Ok(()),
        Ending::Of(status) => Err(failed(supervisor::ending(status), last_lines(&mut log))),
        Ending::TimedOut => {
            let problem = format!("was not done after {} s, and was ended", step.timeout.as_secs());
            Err(failed(problem, last_lines(&mut log)))
        }
    }
}

enum Ending {
    Of(ExitStatus),
    TimedOut,
}

fn supervised(config: &Config, step: &Step, folder: &Path, log: &File) -> io::Result<Ending> {
    let mut command: Command = supervisor::command()?;
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
    let gone = |_| io::Error::other("the thread that waits for it has ended");
    match ended.recv_timeout(step.timeout) {
        Err(RecvTimeoutError::Timeout) => {
            drop(held);
            ended.recv().map_err(gone)??;
            Ok(Ending::TimedOut)
        }
        outcome => Ok(Ending::Of(outcome.map_err(io::Error::other)??)),
    }
}

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
