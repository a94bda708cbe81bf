//! Preparation, before the first stage: packages are installed, migrations checked and external steps run.

use std::fs::File;

use crate::{
    Config, Result, migration, packages,
    step::{self, Supervisor},
    tracked::Tracked,
};

/// Inputs of every build, below the package, present or missing.
pub const INPUTS: [&str; 17] = [
    "assets",
    "migrations",
    "public",
    "Cargo.toml",
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "tsconfig.json",
    ".env",
    ".env.local",
    ".env.development",
    ".env.development.local",
    ".env.production",
    ".env.production.local",
];

/// A prepared build.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) tracked: Tracked,
    /// Locks of the steps, held until the build has read their output.
    pub(crate) locks: Vec<File>,
}

/// Prepares a build.
///
/// # Errors
/// When packages cannot be installed, a migration is wrong, or a step fails.
pub(crate) fn prepare(config: &Config, supervisor: Option<Supervisor>) -> Result<Prepared> {
    let packages = packages::install(&config.root, &config.root)?;
    migration::check(config)?;
    let (mut tracked, locks) = step::run_all(config, supervisor)?;
    tracked.paths.extend(packages);
    tracked.paths.extend(INPUTS.map(|name| config.root.join(name)));
    Ok(Prepared { tracked, locks })
}
