//! The content of a lock file, by its package manager.

use std::fs;

use super::{
    bun_lock::BunLock,
    lock_file::{LockFile, LockedPackage},
    manager::PackageManager,
    package_lock::PackageLock,
    pnpm_lock,
    yarn_lock::YarnLock,
};
use crate::{Error, Result};

/// The content of a lock file.
pub(super) enum LockContent {
    Npm(LockFile),
    Text(String),
    Bun(BunLock),
}

impl LockContent {
    /// Reads a lock file.
    ///
    /// # Errors
    /// When it cannot be read or parsed.
    pub(super) fn read(lock: &PackageLock) -> Result<Self> {
        let path = lock.path();
        if lock.manager == PackageManager::Npm {
            return LockFile::read(&path).map(Self::Npm);
        }
        let invalid = |problem: String, help: &str| Error::Tree {
            path: lock.name.into(),
            problem,
            help: help.to_owned(),
        };
        if lock.name == "bun.lockb" {
            let help = "run `bun install --save-text-lockfile --lockfile-only`, and commit bun.lock instead";
            return Err(invalid("binary lock file of bun".to_owned(), help));
        }
        let text = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
        if lock.manager != PackageManager::Bun {
            return Ok(Self::Text(text));
        }
        let help = "run `bun install`, and commit the file that it writes";
        BunLock::parse(&text)
            .map(Self::Bun)
            .map_err(|error| invalid(format!("invalid lock file of bun: {error}"), help))
    }
}

/// The packages of a lock file, in the form of npm's. Packages of other managers stand alone, without their needs and
/// without the mark of development.
///
/// # Errors
/// When the lock file cannot be read or parsed.
pub(crate) fn locked_packages(lock: &PackageLock) -> Result<LockFile> {
    let content = match LockContent::read(lock)? {
        LockContent::Npm(packages) => return Ok(packages),
        content => content,
    };
    let mut found = LockFile::default();
    let mut add = |(name, version, integrity): (&str, &str, Option<&str>)| {
        let package = LockedPackage {
            name: Some(name.to_owned()),
            version: Some(version.to_owned()),
            integrity: integrity.map(str::to_owned),
            ..LockedPackage::default()
        };
        found.packages.insert(format!("node_modules/{name}@{version}"), package);
    };
    match &content {
        LockContent::Bun(lock) => lock.packages().for_each(&mut add),
        LockContent::Text(text) if lock.manager == PackageManager::Pnpm => {
            pnpm_lock::packages(text).for_each(&mut add);
        }
        LockContent::Text(text) => YarnLock::parse(text).packages().for_each(&mut add),
        LockContent::Npm(_) => {}
    }
    Ok(found)
}
