//! Locks on files between processes. Dropping the handle releases the lock.

use std::{fs::File, path::Path};

use crate::{Error, Result};

/// The file at `path`, locked against every other process; created when it is missing.
///
/// # Errors
/// When the file cannot be created or locked.
pub(crate) fn exclusive(path: &Path) -> Result<File> {
    let file = open(path)?;
    file.lock().map_err(Error::io("lock", path))?;
    Ok(file)
}

/// The file at `path`, locked together with other processes that share it; created when it is missing.
///
/// # Errors
/// When the file cannot be created or locked.
pub(crate) fn shared(path: &Path) -> Result<File> {
    let file = open(path)?;
    file.lock_shared().map_err(Error::io("lock", path))?;
    Ok(file)
}

fn open(path: &Path) -> Result<File> {
    File::options().create(true).append(true).open(path).map_err(Error::io("create", path))
}
