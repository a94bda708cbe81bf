//! Export of the embedded files into a folder, for a content delivery network or for inspection.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use kiln_manifest::{LogicalPath, MANIFEST_FILE, Manifest, Place};

use super::Assets;

/// Number and size of the files that were written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exported {
    /// Number of files, the manifest included.
    pub files: usize,
    /// Their total length, in bytes.
    pub bytes: u64,
}

/// The reason why an export failed, or is incomplete.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The folder has files already, with which an export must not mix.
    #[error("folder `{}` is not empty; name one that is empty or does not exist", .0.display())]
    NotEmpty(PathBuf),
    /// The folder or a file cannot be written.
    #[error("cannot write `{}`: {source}; choose a folder that you may write to", path.display())]
    Write {
        /// The folder or file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The manifest names a file that is not embedded, or that would lie outside of the folder.
    #[error("cannot read the embedded file `{0}`; build again, then run `assets verify`")]
    Unreadable(String),
}

impl Assets {
    /// Writes every variant into its file, private ones included, and the manifest last.
    ///
    /// # Errors
    /// When `folder` is not empty, or cannot be written.
    pub fn export(&self, folder: &Path) -> Result<Exported, ExportError> {
        prepare(folder)?;
        let table = self.resolver.table();
        let mut manifest = Manifest::clone(&table.manifest());
        let mut exported = Exported::default();
        for variant in manifest.assets.iter_mut().flat_map(|asset| &mut asset.variants) {
            let unreadable = || ExportError::Unreadable(variant.file.clone());
            let contents = table.read(variant).ok_or_else(unreadable)?;
            exported.add(folder, &variant.file, &contents)?;
            variant.place = Place::File;
        }
        let unwritable = || ExportError::Unreadable(MANIFEST_FILE.to_owned());
        let json = serde_json::to_vec_pretty(&manifest).map_err(|_| unwritable())?;
        exported.add(folder, MANIFEST_FILE, &json)?;
        Ok(exported)
    }
}

impl Exported {
    fn add(&mut self, folder: &Path, file: &str, contents: &[u8]) -> Result<(), ExportError> {
        let relative = LogicalPath::new(file).map_err(|_| ExportError::Unreadable(file.to_owned()))?;
        let path = folder.join(relative.as_str());
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).map_err(at(parent))?;
        let mut target = fs::File::create_new(&path).map_err(at(&path))?;
        target.write_all(contents).map_err(at(&path))?;
        self.files += 1;
        self.bytes += contents.len() as u64;
        Ok(())
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
