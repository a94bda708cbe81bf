//! The identity of this executable.

use std::{env, time::SystemTime};

use crate::{Error, Result};

/// The path, the length and the modification time of this executable, for the cache keys of results of code that is
/// compiled in.
///
/// # Errors
/// When the system does not name the executable.
pub(crate) fn identity() -> Result<String> {
    let file = env::current_exe().map_err(Error::io("find", "this executable"))?;
    let metadata = file.metadata().map_err(Error::io("read", &file))?;
    let written = metadata.modified().map_err(Error::io("read", &file))?;
    let written = written.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Ok(format!("{}, {} bytes, {} ns", file.display(), metadata.len(), written.as_nanos()))
}
