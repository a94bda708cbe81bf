//! The lock file of a package: its own, or that of the workspace above.

use std::{
    fs,
    path::{self, Path, PathBuf},
};

use super::{
    installed::NODE_MODULES,
    manager::{LOCK_FILES, PackageManager},
    package_json::{DeclaredPackage, workspace_of},
};
use crate::{Error, Result};

/// A lock file of npm packages.
#[derive(Debug)]
pub(crate) struct PackageLock {
    pub(crate) manager: PackageManager,
    /// The folder of the lock file.
    pub(crate) folder: PathBuf,
    /// The name of the lock file.
    pub(crate) name: &'static str,
    /// The folder of the package below that of the lock file; empty when they are one.
    pub(crate) member: String,
}

impl PackageLock {
    /// The lock file of the package in `folder`, by its `package.json`. Of two lock files in one folder, `packageManager`
    /// selects one.
    ///
    /// # Errors
    /// When lock files of two managers are found, or package.json is invalid.
    pub(crate) fn of(folder: &Path) -> Result<Option<Self>> {
        Self::find(folder, &DeclaredPackage::read(folder)?)
    }

    pub(super) fn find(folder: &Path, package: &DeclaredPackage) -> Result<Option<Self>> {
        let folder = path::absolute(folder).map_err(Error::io("find", folder))?;
        if let Some(own) = Self::within(&folder, String::new(), package.manager())? {
            return Ok(Some(own));
        }
        for above in folder.ancestors().skip(1) {
            let member = slashed(folder.strip_prefix(above).unwrap_or(&folder));
            let Some(workspace) = workspace_of(above, &member) else { continue };
            let manager = package.manager().or(workspace.manager());
            if let Some(found) = Self::within(above, member, manager)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn within(folder: &Path, member: String, manager: Option<&str>) -> Result<Option<Self>> {
        let is_wanted = |(name, program): &&(&str, &str)| {
            manager.is_none_or(|manager| manager == *program) && folder.join(name).is_file()
        };
        let mut present = LOCK_FILES.iter().filter(is_wanted);
        let Some(&(name, program)) = present.next() else { return Ok(None) };
        if let Some((other, _)) = present.find(|(_, other)| *other != program) {
            return Err(Error::Tree {
                path: "package.json".into(),
                problem: format!("lock files of two package managers: {name} and {other}"),
                help: "remove the stale one; or name the manager in package.json: `\"packageManager\": \"pnpm@10.0.0\"`"
                    .to_owned(),
            });
        }
        let text = fs::read(folder.join(name)).map_err(Error::io("read", folder.join(name)))?;
        let manager = PackageManager::of(program, &String::from_utf8_lossy(&text));
        Ok(Some(Self { manager, folder: folder.to_owned(), name, member }))
    }

    /// The manager's own records of what it has installed.
    pub(super) fn records(&self) -> impl Iterator<Item = PathBuf> {
        let modules = self.folder.join(NODE_MODULES);
        self.manager.records().iter().map(move |name| modules.join(name))
    }

    /// The path of the lock file.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join(self.name)
    }
}

/// Files that decide to which packages the imports of the package in `folder` lead: its lock file, which may be that of a
/// workspace above, and the records of what is installed.
#[cfg(feature = "toolchain")]
pub(crate) fn resolution_files(folder: &Path) -> Vec<PathBuf> {
    // An error has ended the build when packages were installed.
    let lock = PackageLock::of(folder).ok().flatten();
    lock.map(|lock| lock.records().chain([lock.path()]).collect()).unwrap_or_default()
}

/// A relative path with `/` between folders.
fn slashed(path: &Path) -> String {
    path.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}
