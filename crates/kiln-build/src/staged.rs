//! Files that are there whole or not at all.

use std::{fs, io, io::Write, path::Path};

use tempfile::Builder;

use crate::{Error, Result};

/// Puts `bytes` at `file`, by writing them beside it and renaming. What stands in the way, a folder of that
/// name or a file where a folder has to be, is output of an earlier build and is removed.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> Result<()> {
    let folder = file.parent().unwrap_or(file);
    if let Some(obstacle) = folder.ancestors().find(|path| path.is_file()) {
        fs::remove_file(obstacle).map_err(Error::io("remove", obstacle))?;
    }
    if file.is_dir() {
        fs::remove_dir_all(file).map_err(Error::io("remove", file))?;
    }
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    write(folder, file, bytes).map_err(Error::io("write", file))
}

fn write(folder: &Path, file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut builder = Builder::new();
    // A server may run as another user than the build.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut staged = builder.tempfile_in(folder)?;
    staged.write_all(bytes)?;
    staged.persist(file)?;
    Ok(())
}
