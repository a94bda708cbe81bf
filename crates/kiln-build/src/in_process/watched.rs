//! Watched paths, as cargo can compare them.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use kiln_pipeline::{Error, Result};

/// The paths, with the children of each folder that holds the package in `root` in its place: cargo compares a folder with
/// everything below it, its own target folder included. A glob such as `../*.md` names such a folder; a file that is added
/// directly to it is found at the next change of another source.
///
/// # Errors
/// When a folder cannot be read.
pub(crate) fn watched(root: &Path, paths: &BTreeSet<PathBuf>) -> Result<BTreeSet<PathBuf>> {
    let mut found = BTreeSet::new();
    for path in paths {
        if root.starts_with(path) {
            found.extend(watched(root, &children(path)?)?);
        } else {
            found.insert(path.clone());
        }
    }
    Ok(found)
}

/// Entries of a folder, without hidden ones, packages and caches.
fn children(folder: &Path) -> Result<BTreeSet<PathBuf>> {
    let entries = fs::read_dir(folder).map_err(Error::io("read", folder))?;
    let paths = entries.flatten().map(|entry| entry.path());
    Ok(paths.filter(|path| !is_left_out(path)).collect())
}

fn is_left_out(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    name.starts_with('.') || name == "node_modules" || path.join("CACHEDIR.TAG").is_file()
}
