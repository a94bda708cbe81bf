//! Packages: the lock files of npm and cargo, and the installation of npm packages.

mod cargo_lock;

mod lock_file;

mod npm;

use std::path::{Path, PathBuf};

pub(crate) use self::{
    cargo_lock::{CargoLock, LockedCrate},
    lock_file::{LockFile, LockedPackage},
    npm::install,
};

/// The `Cargo.lock` of the package in `root`: beside its `Cargo.toml`, or in a parent folder.
#[must_use]
pub fn cargo_lock(root: &Path) -> Option<PathBuf> {
    root.ancestors().map(|folder| folder.join("Cargo.lock")).find(|lock| lock.is_file())
}
