//! External steps: what other tools make, before sources are looked for.
//!
//! A command runs when its inputs have changed since it ran last, once, and never outlives the build: see
//! [`supervisor`]. What it made is finished: it is linked, named, compressed and embedded, but not compiled again.

mod process;
mod stamp;
mod supervisor;

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
};

use kiln_manifest::Digest;

pub use self::supervisor::supervise;
use self::{process::run, stamp::Stamp};
use crate::{Config, Error, Result, config::Step, npm};

/// The steps of a build, done. While this lives, no other build runs them.
#[derive(Debug, Default)]
pub(crate) struct Steps {
    /// What a change of has to lead to another build.
    pub(crate) watched: BTreeSet<PathBuf>,
    pub(crate) variables: BTreeSet<String>,
    locks: Vec<File>,
}

/// Runs the commands whose inputs have changed.
///
/// # Errors
/// When a command fails or outlasts its timeout, and when there is no folder that it should have made.
pub(crate) fn run_all(config: &Config) -> Result<Steps> {
    let mut steps = Steps::default();
    for step in &config.options.steps {
        if step.command.is_empty() {
            steps.watched.insert(config.root.join(step.output.as_str()));
        } else {
            steps.locks.push(run_if_stale(config, step)?);
            steps.watched.extend(step.inputs.iter().map(|input| config.root.join(input.root.as_str())));
            steps.variables.extend(step.env.iter().cloned());
        }
        must_be_there(config, step)?;
    }
    Ok(steps)
}

/// The lock is held until the build has read what the command made.
fn run_if_stale(config: &Config, step: &Step) -> Result<File> {
    let folder = directory(config, step);
    npm::install(&folder)?;
    let record = record(config, step)?;
    let lock = lock(&record.with_extension("lock"))?;
    let stamp = Stamp::new(config, step)?;
    if stamp.is_in(&record)? {
        return Ok(lock);
    }
    // A command that is stopped halfway must run again.
    if record.exists() {
        fs::remove_file(&record).map_err(Error::io("remove", &record))?;
    }
    run(config, step, &folder)?;
    must_be_there(config, step)?;
    stamp.write(&record)?;
    Ok(lock)
}

fn directory(config: &Config, step: &Step) -> PathBuf {
    step.folder.as_ref().map_or_else(|| config.root.clone(), |folder| config.root.join(folder.as_str()))
}

/// Where it is written down what the command last made of what: beside the cache, because all profiles share one
/// output.
fn record(config: &Config, step: &Step) -> Result<PathBuf> {
    let folder = config.cache.with_file_name("kiln-steps");
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    let root = config.root.to_string_lossy();
    let name = Digest::of_parts([root.as_bytes(), step.output.as_str().as_bytes()]);
    Ok(folder.join(name.fingerprint()))
}

/// Two builds at once must not both run it; the lock ends with the handle.
fn lock(path: &Path) -> Result<File> {
    let file = File::options().create(true).append(true).open(path).map_err(Error::io("create", path))?;
    file.lock().map_err(Error::io("lock", path))?;
    Ok(file)
}

fn must_be_there(config: &Config, step: &Step) -> Result<()> {
    if config.root.join(step.output.as_str()).is_dir() {
        return Ok(());
    }
    let (problem, mend) = if step.command.is_empty() {
        (
            "there is no such folder".to_owned(),
            "run the tool that makes it, or name its `command` in the step",
        )
    } else {
        (
            format!("`{}` did not make this folder", step.command.join(" ")),
            "let `output` of the step name the folder that the command writes",
        )
    };
    Err(Error::Tree { path: step.output.as_str().into(), problem, mend: mend.to_owned() })
}
