//! Files that are there whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::Path,
};

use tempfile::Builder;

use crate::{Error, Result};

/// Puts `bytes` at `file`.
pub(crate) fn replace(file: &Path, bytes: &[u8]) -> Result<()> {
    replace_with(file, |target| target.write_all(bytes))
}

/// Puts what `write` writes at `file`, by writing it beside and renaming. What stands in the way, a folder of
/// that name or a file where a folder has to be, is output of an earlier build and is removed.
pub(crate) fn replace_with(file: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> Result<()> {
    let folder = file.parent().unwrap_or(file);
    if let Some(obstacle) = folder.ancestors().find(|path| path.is_file()) {
        // Of several files to which it is in the way, the first removes it.
        fs::remove_file(obstacle)
            .or_else(|cause| if obstacle.is_file() { Err(cause) } else { Ok(()) })
            .map_err(Error::io("remove", obstacle))?;
    }
    if file.is_dir() {
        fs::remove_dir_all(file).map_err(Error::io("remove", file))?;
    }
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    staged(folder, file, write).map_err(Error::io("write", file))
}

fn staged(folder: &Path, file: &Path, write: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    let mut builder = Builder::new();
    // A server may run as another user than the build.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut staged = builder.tempfile_in(folder)?;
    write(staged.as_file_mut())?;
    staged.persist(file)?;
    Ok(())
}
