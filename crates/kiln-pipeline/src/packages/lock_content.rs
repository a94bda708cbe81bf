//! The content of a lock file, by its package manager.

use std::{fmt::Display, fs, path::Path};

use super::{
    bun_lock::BunLock, declared::Declared, lock_file::LockFile, manager::PackageManager,
    package_graph::PackageGraph, package_json::DeclaredPackage, package_lock::PackageLock,
    pnpm_lock::PnpmLock, yarn_berry::BerryLock, yarn_classic::ClassicLock,
};
use crate::{Error, Result};

/// The content of a lock file.
pub(super) enum LockContent {
    Npm(LockFile),
    Pnpm(PnpmLock),
    YarnClassic(ClassicLock),
    YarnBerry(BerryLock),
    Bun(BunLock),
}

impl LockContent {
    /// Reads a lock file.
    ///
    /// # Errors
    /// When it cannot be read or parsed.
    pub(super) fn read(lock: &PackageLock) -> Result<Self> {
        let path = lock.path();
        if lock.name == "bun.lockb" {
            return Err(Error::Tree {
                path: lock.name.into(),
                problem: "binary lock file of bun".to_owned(),
                help: "run `bun install --save-text-lockfile --lockfile-only`, and commit bun.lock instead"
                    .to_owned(),
            });
        }
        if lock.manager == PackageManager::Npm {
            return LockFile::read(&path).map(Self::Npm);
        }
        let text = fs::read_to_string(&path).map_err(Error::io("read", &path))?;
        match lock.manager {
            PackageManager::Pnpm => {
                PnpmLock::parse(&text).map(Self::Pnpm).map_err(|error| invalid(lock, &error))
            }
            PackageManager::YarnBerry => {
                BerryLock::parse(&text).map(Self::YarnBerry).map_err(|error| invalid(lock, &error))
            }
            PackageManager::Bun => {
                BunLock::parse(&text).map(Self::Bun).map_err(|error| invalid(lock, &error))
            }
            PackageManager::Npm | PackageManager::YarnClassic => {
                Ok(Self::YarnClassic(ClassicLock::parse(&text)))
            }
        }
    }

    /// The dependencies that the lock file holds for `member`; `None` when its format does not say.
    pub(super) fn declared(&self, member: &str) -> Option<Declared> {
        match self {
            Self::Npm(lock) => Some(lock.declared(member)),
            Self::Pnpm(lock) => lock.declared(member),
            Self::YarnClassic(lock) => Some(lock.declared()),
            Self::YarnBerry(lock) => Some(lock.declared(member)),
            Self::Bun(lock) => Some(lock.declared(member)),
        }
    }

    /// Whether the package manager's record below `folder` says that all packages are installed.
    pub(super) fn is_installed(&self, folder: &Path, package: &DeclaredPackage) -> bool {
        match self {
            Self::Npm(lock) => lock.is_installed(folder),
            Self::Pnpm(lock) => lock.is_installed(folder),
            Self::YarnClassic(lock) => lock.is_installed(package, folder),
            Self::YarnBerry(lock) => lock.is_installed(folder),
            Self::Bun(lock) => lock.is_installed(folder),
        }
    }
}

/// The packages of a lock file, with the direct dependencies of its member.
///
/// # Errors
/// When the lock file cannot be read or parsed.
pub(crate) fn locked_packages(lock: &PackageLock) -> Result<PackageGraph> {
    let (content, package) =
        (LockContent::read(lock)?, DeclaredPackage::read(&lock.folder.join(&lock.member))?);
    let member = &lock.member;
    let graph = match &content {
        // The lock file of npm says which packages are those of development.
        LockContent::Npm(lock) => return Ok(lock.graph(member)),
        LockContent::Pnpm(lock) => lock.graph(member),
        LockContent::YarnClassic(lock) => lock.graph(&package),
        LockContent::YarnBerry(lock) => lock.graph(member),
        LockContent::Bun(lock) => lock.graph(member),
    };
    Ok(graph.marked(&package))
}

fn invalid(lock: &PackageLock, problem: &dyn Display) -> Error {
    let program = lock.manager.program();
    Error::Tree {
        path: lock.name.into(),
        problem: format!("invalid lock file of {program}: {problem}"),
        help: format!("run `{program} install`, and commit the file that it writes"),
    }
}
