//! The steps of a build, one after another.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use kiln_manifest::Digest;

use super::{process::run, stamp::Stamp, supervisor::Supervisor};
use crate::{Config, Error, Result, config::ExternalStep, packages, tracked::Tracked};

/// Runs the commands whose inputs have changed. While the locks live, no other build runs them.
///
/// # Errors
/// When a command fails or exceeds its timeout, and when there is no folder that it should have made.
pub(crate) fn run_all(config: &Config, supervisor: Option<Supervisor>) -> Result<(Tracked, Vec<File>)> {
    let (mut tracked, mut locks) = (Tracked::default(), Vec::new());
    for step in &config.options.steps {
        if step.command.is_empty() {
            tracked.paths.insert(config.root.join(step.output.as_str()));
        } else {
            locks.push(run_if_stale(config, supervisor, step)?);
            tracked.paths.extend(step.inputs.iter().map(|input| config.root.join(input.root.as_str())));
            tracked.variables.extend(step.env.iter().cloned());
        }
        must_be_there(config, step)?;
    }
    Ok((tracked, locks))
}

/// The lock is held until the build has read what the command made.
fn run_if_stale(config: &Config, supervisor: Option<Supervisor>, step: &ExternalStep) -> Result<File> {
    let folder = step.directory(&config.root);
    packages::install(&folder)?;
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
    run(config, supervisor, step, &folder)?;
    must_be_there(config, step)?;
    stamp.write(&record)?;
    Ok(lock)
}

/// The file that records what the command last made of what: beside the cache, because all profiles share one output.
fn record(config: &Config, step: &ExternalStep) -> Result<PathBuf> {
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

fn must_be_there(config: &Config, step: &ExternalStep) -> Result<()> {
    if config.root.join(step.output.as_str()).is_dir() {
        return Ok(());
    }
    let (problem, help) = if step.command.is_empty() {
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
    Err(Error::Tree { path: step.output.as_str().into(), problem, help: help.to_owned() })
}
