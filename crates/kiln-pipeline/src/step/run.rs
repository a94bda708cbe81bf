//! The steps of a build, one after another.

use std::{
    fs::{self, File},
    path::PathBuf,
};

use kiln_manifest::Digest;

use super::{
    process::run,
    stamp::{Stamp, watched},
    supervisor::Supervisor,
};
use crate::{Config, Error, Result, config::ExternalStep, file_lock, packages, tracked::Tracked};

/// Runs the commands whose inputs have changed. While the returned locks live, no other build runs them.
///
/// # Errors
/// When a command fails or exceeds its timeout, and when an output folder is missing.
pub(crate) fn run_all(config: &Config, supervisor: Option<Supervisor>) -> Result<(Tracked, Vec<File>)> {
    let (mut tracked, mut locks) = (Tracked::default(), Vec::new());
    for step in &config.options.steps {
        if step.command.is_empty() {
            tracked.paths.insert(config.root.join(step.output.as_str()));
        } else {
            tracked.paths.extend(packages::install(&config.root, &step.directory(&config.root))?);
            locks.push(run_if_stale(config, supervisor, step)?);
            for input in &step.inputs {
                tracked.paths.extend(watched(&config.root, input, &step.output)?);
            }
            tracked.variables.extend(step.env.iter().cloned());
        }
        check_output(config, step)?;
    }
    Ok((tracked, locks))
}

/// Runs the command of a stale step. The lock is held until the build has read the output.
fn run_if_stale(config: &Config, supervisor: Option<Supervisor>, step: &ExternalStep) -> Result<File> {
    let record = record(config, step)?;
    // A second build at the same time waits here.
    let lock = file_lock::exclusive(&record.with_extension("lock"))?;
    let stamp = Stamp::new(config, step)?;
    if stamp.matches(&record)? {
        return Ok(lock);
    }
    // Without a record, a command that was interrupted runs again.
    if record.exists() {
        fs::remove_file(&record).map_err(Error::io("remove", &record))?;
    }
    run(config, supervisor, step)?;
    check_output(config, step)?;
    stamp.write(&record)?;
    Ok(lock)
}

/// The file with the stamp of the last run: beside the cache, because all profiles share one output.
fn record(config: &Config, step: &ExternalStep) -> Result<PathBuf> {
    let folder = config.cache.with_file_name("kiln-steps");
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    let root = config.root.to_string_lossy();
    let name = Digest::of_parts([root.as_bytes(), step.output.as_str().as_bytes()]);
    Ok(folder.join(name.fingerprint()))
}

fn check_output(config: &Config, step: &ExternalStep) -> Result<()> {
    if config.root.join(step.output.as_str()).is_dir() {
        return Ok(());
    }
    let (problem, help) = if step.command.is_empty() {
        (
            "output folder of a step not found".to_owned(),
            "run the tool that writes it, or name its `command` in the step",
        )
    } else {
        (
            format!("output folder not written by `{}`", step.command.join(" ")),
            "set `output` of the step to the folder that the command writes",
        )
    };
    Err(Error::Tree { path: step.output.as_str().into(), problem, help: help.to_owned() })
}
