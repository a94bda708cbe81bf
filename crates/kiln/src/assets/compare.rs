//! Comparison of a source tree with the build. Cargo compares modification times, which can mislead: a file that was
//! restored from an archive is as old as it was then.
//!
//! Only names of sources appear in the result: no byte of them can be served.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use kiln_manifest::{Digest, LogicalPath, SOURCE_FOLDERS, SourceFile, is_editor_temporary};

use super::Assets;

/// Result of comparing a source tree with the executable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Number of files that the executable was built from.
    pub files: usize,
    /// Differences, sorted by path.
    pub differences: Vec<Difference>,
}

/// A file that differs from the build.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Difference {
    /// Other content.
    #[error("{0} differs")]
    Changed(LogicalPath),
    /// Built, and missing now.
    #[error("{0} is missing")]
    Missing(LogicalPath),
    /// Present, and not built.
    #[error("{0} is new")]
    New(LogicalPath),
}

/// The reason why a tree cannot be compared.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// The folder is no package.
    #[error("`{}` has no `assets` folder; name the folder of the package, with Cargo.toml", .0.display())]
    NoPackage(PathBuf),
    /// A file or folder cannot be read.
    #[error("cannot read `{}`: {source}; check its permissions", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The build would refuse the name.
    #[error("invalid source name `{}`; rename the file", .0.display())]
    Name(PathBuf),
}

impl Assets {
    /// Compares the package in `folder` with the sources of this build: every file in `assets/`,
    /// `migrations/` and `public/`, and all other files of the package that the build read.
    ///
    /// # Errors
    /// When `folder` is no package, or something in it cannot be read.
    pub fn compare(&self, folder: &Path) -> Result<Comparison, CompareError> {
        if !folder.join(SOURCE_FOLDERS[0]).is_dir() {
            return Err(CompareError::NoPackage(folder.to_owned()));
        }
        let manifest = self.manifest();
        let built: BTreeMap<_, _> =
            manifest.sources.iter().map(|source| (&source.path, source.digest)).collect();
        let mut differences = BTreeMap::new();
        for (path, expected) in &built {
            let difference = match digest(folder, path)? {
                Some(found) if found == *expected => continue,
                Some(_) => Difference::Changed((*path).clone()),
                None => Difference::Missing((*path).clone()),
            };
            differences.insert((*path).clone(), difference);
        }
        for path in present(folder, &built)?.into_iter().filter(|path| !built.contains_key(path)) {
            differences.insert(path.clone(), Difference::New(path));
        }
        Ok(Comparison { files: built.len(), differences: differences.into_values().collect() })
    }
}

/// The digest of a file of the package; none when it is not there.
fn digest(folder: &Path, path: &LogicalPath) -> Result<Option<Digest>, CompareError> {
    let file = folder.join(path.as_str());
    let content = match File::open(&file) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        // A folder stands where the file was.
        Ok(_) if file.is_dir() => return Ok(None),
        content => content.map_err(at(&file))?,
    };
    SourceFile::digest(path, content).map(Some).map_err(at(&file))
}

/// Sources in the folders that are embedded whole. `public/` counts where the build read it: it may be the output of
/// another tool.
fn present(folder: &Path, built: &BTreeMap<&LogicalPath, Digest>) -> Result<Vec<LogicalPath>, CompareError> {
    let mut found = Vec::new();
    let [assets, migrations, public] = SOURCE_FOLDERS;
    let is_built = |name: &str| built.keys().any(|path| Path::new(path.as_str()).starts_with(name));
    let folders = [assets, migrations].into_iter().chain(is_built(public).then_some(public));
    let mut open: Vec<PathBuf> = folders.map(PathBuf::from).collect();
    open.retain(|name| folder.join(name).is_dir());
    while let Some(below) = open.pop() {
        let listed = folder.join(&below);
        for entry in fs::read_dir(&listed).map_err(at(&listed))? {
            let name = entry.map_err(at(&listed))?.file_name();
            let path = below.join(&name);
            if is_editor_temporary(&name.to_string_lossy()) {
                continue;
            }
            if folder.join(&path).is_dir() {
                open.push(path);
            } else {
                found.push(logical_path(&path)?);
            }
        }
    }
    Ok(found)
}

fn logical_path(path: &Path) -> Result<LogicalPath, CompareError> {
    let segments: Option<Vec<&str>> = path.iter().map(|segment| segment.to_str()).collect();
    let joined = segments.and_then(|segments| LogicalPath::new(segments.join("/")).ok());
    joined.ok_or_else(|| CompareError::Name(path.to_owned()))
}

fn at(path: &Path) -> impl FnOnce(io::Error) -> CompareError {
    let path = path.to_owned();
    move |source| CompareError::Read { path, source }
}
