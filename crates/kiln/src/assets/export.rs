//! Writing the embedded files into a folder, for a content delivery network or for a look at them.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use kiln_manifest::{LogicalPath, MANIFEST_FILE};

use super::Assets;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// How many files, the manifest included.
    pub files: usize,
    /// How many bytes they have together.
    pub bytes: u64,
}

/// Why nothing, or not everything, was written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There are files already, which an export must not mix with.
    #[error("`{}` is not empty; name a folder that is empty or does not exist", .0.display())]
    NotEmpty(PathBuf),
    /// The folder or a file cannot be written.
    #[error("`{}` cannot be written; choose a folder that you may write to", path.display())]
    Write {
        /// The folder or file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The manifest names a file that is not embedded, or that would lie outside of the folder.
    #[error("the embedded file `{0}` cannot be read; build again, then see what `assets verify` says")]
    Unreadable(String),
}

impl Assets {
    /// Writes every embedded file, private ones included, and the manifest last.
    ///
    /// # Errors
    /// When `folder` is not empty, or cannot be written.
    pub fn export(&self, folder: &Path) -> Result<Exported, ExportError> {
        prepare(folder)?;
        let manifest = self.manifest();
        let files =
            manifest.assets.iter().flat_map(|asset| &asset.variants).map(|variant| variant.file.as_str());
        let mut exported = Exported::default();
        for file in files.chain([MANIFEST_FILE]) {
            exported.bytes += self.export_file(folder, file)?;
            exported.files += 1;
        }
        Ok(exported)
    }

    fn export_file(&self, folder: &Path, file: &str) -> Result<u64, ExportError> {
        let unreadable = || ExportError::Unreadable(file.to_owned());
        let relative = LogicalPath::new(file).map_err(|_| unreadable())?;
        let contents = self.embedded.read(file).ok_or_else(unreadable)?;
        let path = folder.join(relative.as_str());
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(at(parent))?;
        let mut target = fs::File::create_new(&path).map_err(at(&path))?;
        target.write_all(&contents).map_err(at(&path))?;
        Ok(contents.len() as u64)
    }
}

fn prepare(folder: &Path) -> Result<(), ExportError> {
    fs::create_dir_all(folder).map_err(at(folder))?;
    match fs::read_dir(folder).map_err(at(folder))?.next() {
        None => Ok(()),
        Some(_) => Err(ExportError::NotEmpty(folder.to_owned())),
    }
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> ExportError {
    let path = path.to_owned();
    move |source| ExportError::Write { path, source }
}
