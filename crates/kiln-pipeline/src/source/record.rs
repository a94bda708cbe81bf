//! The record of a build's sources: the digest of each file, for `assets verify --source`.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    path::{Path, PathBuf},
};

use kiln_manifest::{LogicalPath, SOURCE_FOLDERS, SourceFile, is_editor_temporary};

use super::discover::Source;
use crate::{Config, Error, Result, packages::is_installed, parallel};

/// Files of `assets/`, `migrations/` and `public/`, and every other file of the package that was read. The lock file stands for
/// the npm packages, and the inputs of an external step for its output.
///
/// # Errors
/// When a file cannot be read.
pub(crate) fn record(
    config: &Config,
    assets: &[Source],
    read: &BTreeSet<PathBuf>,
) -> Result<Vec<SourceFile>> {
    let mut files: BTreeSet<(LogicalPath, PathBuf)> = BTreeSet::new();
    let folders = [(SOURCE_FOLDERS[0], Some(config.assets())), (SOURCE_FOLDERS[2], config.public())];
    for (name, folder) in folders.into_iter().filter_map(|(name, folder)| Some((name, folder?))) {
        for source in assets.iter().filter(|source| source.file.starts_with(&folder)) {
            let path = logical_path(&format!("{name}/{}", source.path));
            files.extend(path.map(|path| (path, source.file.clone())));
        }
    }
    for file in migrations(config)?.iter().chain(read) {
        let Ok(relative) = file.strip_prefix(&config.root) else { continue };
        let is_asset = relative.starts_with(SOURCE_FOLDERS[0]) || relative.starts_with(SOURCE_FOLDERS[2]);
        if !is_asset && !is_installed(relative) && file.is_file() {
            let path = logical_path(&relative.to_string_lossy().replace('\\', "/"));
            files.extend(path.map(|path| (path, file.clone())));
        }
    }
    let digests =
        parallel::map(files.into_iter().collect(), |(path, file): (_, PathBuf)| digest(path, &file));
    digests.into_iter().collect()
}

fn digest(path: LogicalPath, file: &Path) -> Result<SourceFile> {
    let content = File::open(file).map_err(Error::io("read", file))?;
    let digest = SourceFile::digest(&path, content).map_err(Error::io("read", file))?;
    Ok(SourceFile { path, digest })
}

fn migrations(config: &Config) -> Result<Vec<PathBuf>> {
    let folder = config.root.join(SOURCE_FOLDERS[1]);
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let entries = fs::read_dir(&folder).map_err(Error::io("read", &folder))?;
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    Ok(names.filter(|name| !is_editor_temporary(name)).map(|name| folder.join(name)).collect())
}

fn logical_path(path: &str) -> Option<LogicalPath> {
    LogicalPath::new(path).ok()
}
