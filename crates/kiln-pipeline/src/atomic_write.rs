//! Atomic writes: a file is replaced as a whole, or not at all.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use tempfile::Builder;

use crate::{Error, Result};

/// Replaces the content of `file`: writes `bytes` into a temporary file beside it, and renames that.
///
/// # Errors
/// When the temporary file cannot be written or renamed.
pub fn replace(file: &Path, bytes: &[u8]) -> Result<()> {
    let write = || {
        let mut builder = Builder::new();
        // Readable as any file of this user: temporary files are private by default.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let mut temporary = builder.tempfile_in(file.parent().unwrap_or(file))?;
        temporary.write_all(bytes)?;
        temporary.persist(file)?;
        Ok(())
    };
    write().map_err(Error::io("write", file))
}

/// A folder in which all files of an output are written before the first is moved into its place: a full disk leaves
/// the previous output intact.
#[derive(Debug)]
pub(crate) struct WriteBatch {
    folder: PathBuf,
    count: AtomicUsize,
}

/// A written file that is not in its place yet.
#[derive(Debug)]
pub(crate) struct PendingFile {
    from: PathBuf,
    to: PathBuf,
}

impl WriteBatch {
    /// An empty batch. Files of a build that was killed are removed.
    ///
    /// # Errors
    /// When the folder cannot be cleared or created.
    pub(crate) fn new(folder: PathBuf) -> Result<Self> {
        clear(&folder)?;
        fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        Ok(Self { folder, count: AtomicUsize::new(0) })
    }

    /// Writes the content of the later file `to`.
    ///
    /// # Errors
    /// When the content cannot be written.
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

    /// Removes the folder.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub(crate) fn close(self) -> Result<()> {
        clear(&self.folder)
    }
}

impl Drop for WriteBatch {
    fn drop(&mut self) {
        // The next build clears a folder that remains.
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
    /// Moves the file into its place. An obstacle, a folder of the same name or a file in place of a parent folder, is
    /// output of an earlier build and is removed.
    ///
    /// # Errors
    /// When the file cannot be moved.
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
