//! Packages: the lock files of npm and cargo, and the installation of npm's.

mod cargo_lock;
mod lock_file;
mod npm;

pub(crate) use self::{
    cargo_lock::{CargoLock, LockedCrate},
    lock_file::{LockFile, LockedPackage},
    npm::install,
};

/// The `Cargo.lock` that is in force for the package in `root`.
///
/// # Errors
/// When there is none.
pub fn cargo_lock(root: &std::path::Path) -> crate::Result<std::path::PathBuf> {
    CargoLock::find(root)
}
