//! Files of installed packages, as inputs of a build.

#[cfg(feature = "toolchain")]
use std::path::PathBuf;
use std::{fs::File, io, path::Path, time::SystemTime};

use walkdir::{DirEntry, WalkDir};

/// The folder of installed packages.
pub(super) const NODE_MODULES: &str = "node_modules";

/// Whether `file` belongs to an installed package.
pub(crate) fn is_installed(file: &Path) -> bool {
    file.iter().any(|folder| folder == NODE_MODULES)
}

/// The name of the package in `folder`, when that is an entry of a `node_modules`: `lit`, `@scope/name`.
#[cfg(feature = "toolchain")]
pub(crate) fn installed_name(folder: &Path) -> Option<String> {
    let name = folder.file_name()?.to_str()?;
    let above = folder.parent()?;
    match above.file_name()?.to_str()? {
        NODE_MODULES if !name.starts_with('@') => Some(name.to_owned()),
        scope if scope.starts_with('@') && above.parent()?.ends_with(NODE_MODULES) => {
            Some(format!("{scope}/{name}"))
        }
        _ => None,
    }
}

/// The `package.json` of the installed package that holds `file`.
#[cfg(feature = "toolchain")]
pub(crate) fn package_json(file: &Path) -> Option<PathBuf> {
    let folder = file.ancestors().skip(1).find(|folder| installed_name(folder).is_some())?;
    Some(folder.join("package.json"))
}

/// Sets modification times in the `node_modules` of `folder` back to `time`, that of the lock file.
///
/// Cargo reruns a build script whose inputs are younger than its start, and packages that it has installed itself are. The
/// time of a file that refuses it stays: the next build then has one run too many.
pub(super) fn backdate(folder: &Path, time: SystemTime) {
    let entries = WalkDir::new(folder.join(NODE_MODULES)).into_iter().flatten();
    for entry in entries.filter(|entry| !entry.path_is_symlink()) {
        let _ = set_back(&entry, time);
    }
}

fn set_back(entry: &DirEntry, time: SystemTime) -> io::Result<()> {
    if entry.metadata()?.modified()? > time { File::open(entry.path())?.set_modified(time) } else { Ok(()) }
}
