//! Missing inputs: files that do not exist, and would change the output once they do, such as `tsconfig.json`.
//!
//! Cargo runs a build script at every build when that names a file which is not there; and the folder in which
//! the file would appear cannot be named instead, because cargo takes a folder with all that is below it, its
//! own target folder included. So a folder of links is named, each of which leads to a file that does not
//! exist. Cargo passes over a link that leads nowhere. Once it leads somewhere it counts, and is younger than
//! the build that made it.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use kiln_pipeline::{Error, Result};

/// The folder of links, below `OUT_DIR`.
const FOLDER: &str = "kiln.missing";

/// Makes the folder of links; none when everything is there. Windows reserves links for administrators, so
/// there the next change of another source finds what has appeared.
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
    age(&folder).map_err(Error::io("write", &folder))?;
    Ok(Some(folder))
}

/// The folder itself must not look younger than the build.
fn age(folder: &Path) -> std::io::Result<()> {
    fs::File::open(folder)?.set_modified(std::time::SystemTime::UNIX_EPOCH)
}
