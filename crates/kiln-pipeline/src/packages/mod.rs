//! Packages: the lock files of cargo and of the managers of npm packages, and the installation of npm packages.

mod cargo_lock;

mod yaml;

mod package_json;

mod declared;

mod lock_file;

mod pnpm_lock;

mod yarn_lock;

mod bun_lock;

mod manager;

mod package_lock;

mod lock_content;

mod failure;

mod install;

pub use self::cargo_lock::cargo_lock;
#[cfg(feature = "toolchain")]
pub(crate) use self::manager::RESOLUTION_FILES;
pub(crate) use self::{
    cargo_lock::{CargoLock, LockedCrate},
    install::install,
    lock_content::locked_packages,
    lock_file::{LockFile, LockedPackage},
    package_lock::PackageLock,
};
