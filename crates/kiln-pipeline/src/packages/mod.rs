//! Packages: the lock files of cargo and of the managers of npm packages, and the installation of npm packages.

mod cargo_lock;

mod installed;

mod package_json;

mod declared;

mod package_graph;

mod lock_file;

mod pnpm_lock;

mod yarn_classic;

mod yarn_berry;

mod bun_lock;

mod manager;

mod package_lock;

mod lock_content;

mod failure;

mod install;

pub use self::cargo_lock::cargo_lock;
pub(crate) use self::{
    cargo_lock::{CargoLock, LockedCrate},
    install::install,
    installed::is_installed,
    lock_content::locked_packages,
    package_graph::{LockedPackage, PackageGraph},
    package_lock::PackageLock,
};
#[cfg(feature = "toolchain")]
pub(crate) use self::{
    installed::{installed_name, package_json},
    package_lock::resolution_files,
};
