//! npm packages: the lock file, and what is installed.

mod lock_file;
mod npm;

pub(crate) use self::{
    lock_file::{LockFile, LockedPackage},
    npm::install,
};
