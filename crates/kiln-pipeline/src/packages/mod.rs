//! Packages: the lock files of npm and cargo, and the installation of npm packages.

mod cargo_lock;

mod lock_file;

mod npm;

pub use self::cargo_lock::cargo_lock;
pub(crate) use self::{
    cargo_lock::{CargoLock, LockedCrate},
    lock_file::{LockFile, LockedPackage},
    npm::install,
};
