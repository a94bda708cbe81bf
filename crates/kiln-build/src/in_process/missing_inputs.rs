//! Missing inputs: files that do not exist, and would change the output once they do, such as `tsconfig.json`.
//!
//! Cargo reruns a build script at every build when `rerun-if-changed` names a missing file. Naming the folder in which
//! the file would appear is no way out: cargo watches a folder with everything below it, its own target folder
//! included. So the directive names a folder of symbolic links, one for each missing file. Cargo ignores a dangling
//! link; once its target exists, the link counts, and is younger than the build that created it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use kiln_pipeline::{Error, Result};

/// The folder of links, below `OUT_DIR`.
const FOLDER: &str = "kiln.missing";

/// Creates the folder of links; `None` when no input is missing. Windows reserves links for administrators: there a file
/// that has appeared is found at the next change of another source.
///
/// # Errors
/// When the folder cannot be written.
pub(crate) fn links(out: &Path, missing: &BTreeSet<PathBuf>) -> Result<Option<PathBuf>> {
    let folder = out.join(FOLDER);
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Error::io("remove", &folder))?;
    }
    if missing.is_empty() || cfg!(not(unix)) {
        return Ok(None);
    }
    fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
    #[cfg(unix)]
    for (number, path) in missing.iter().enumerate() {
        let link = folder.join(number.to_string());
        std::os::unix::fs::symlink(path, &link).map_err(Error::io("create", &link))?;
    }
    backdate(&folder).map_err(Error::io("write", &folder))?;
    Ok(Some(folder))
}

/// Sets the folder's modification time back: it must not be younger than the build.
fn backdate(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.set_modified(std::time::SystemTime::UNIX_EPOCH)
}
