//! Atomic writes: a file is there whole or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use tempfile::Builder;

use crate::{Error, Result};

/// Puts `bytes` at `file`, by writing them beside it and renaming.
pub fn replace(file: &Path, bytes: &[u8]) -> Result<()> {
    let write = || {
        let mut staged = Builder::new().tempfile_in(file.parent().unwrap_or(file))?;
        staged.write_all(bytes)?;
        staged.persist(file)?;
        Ok(())
    };
    write().map_err(Error::io("write", file))
}

/// A folder in which all files of an output are written before the first of them is moved into its place: a
/// disk that runs full leaves the output as it was.
#[derive(Debug)]
pub(crate) struct WriteBatch {
    folder: PathBuf,
    count: AtomicUsize,
}

/// A file that is written, but not yet in its place.
#[derive(Debug)]
pub(crate) struct PendingFile {
    from: PathBuf,
    to: PathBuf,
}

impl WriteBatch {
    /// Begins with an empty folder, whatever a build that was killed left there.
    pub(crate) fn new(folder: PathBuf) -> Result<Self> {
        clear(&folder)?;
        fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        Ok(Self { folder, count: AtomicUsize::new(0) })
    }

    /// Writes what will be the file `to`.
    pub(crate) fn write(
        &self,
        to: PathBuf,
        write: impl FnOnce(&mut File) -> io::Result<()>,
    ) -> Result<PendingFile> {
        let from = self.folder.join(self.count.fetch_add(1, Ordering::Relaxed).to_string());
        let written = File::create(&from).and_then(|mut file| write(&mut file));
        written.map_err(Error::io("write", &to))?;
        Ok(PendingFile { from, to })
    }

    /// Ends with no folder.
    pub(crate) fn close(self) -> Result<()> {
        clear(&self.folder)
    }
}

impl Drop for WriteBatch {
    fn drop(&mut self) {
        // What is left is cleared by the next build.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("remove", folder)(error)),
        _ => Ok(()),
    }
}

impl PendingFile {
    /// Moves the file into its place. What stands in the way, a folder of that name or a file where a folder
    /// has to be, is output of an earlier build and is removed.
    pub(crate) fn place(self) -> Result<()> {
        let Self { from, to } = self;
        let folder = to.parent().unwrap_or(&to);
        if let Some(obstacle) = folder.ancestors().find(|path| path.is_file()) {
            fs::remove_file(obstacle).map_err(Error::io("remove", obstacle))?;
        }
        if to.is_dir() {
            fs::remove_dir_all(&to).map_err(Error::io("remove", &to))?;
        }
        fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
        fs::rename(from, &to).map_err(Error::io("write", &to))
    }
}
