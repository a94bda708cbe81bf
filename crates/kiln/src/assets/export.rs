//! Writing the embedded files into a folder, for a content delivery network or for a look at them.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use kiln_manifest::{LogicalPath, MANIFEST_FILE, Manifest, Place};

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
    /// Writes every variant into its file, private ones included, and last a manifest that says so.
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
