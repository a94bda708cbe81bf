//! `package-lock.json`, as npm writes it. `node_modules/.package-lock.json` says the same of what is installed.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use crate::{Error, Result};

/// Packages by their folder below that of the lock file; the empty name is the package itself.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct LockFile {
    pub(crate) packages: BTreeMap<String, LockedPackage>,
}

/// One package of a lock file.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LockedPackage {
    /// The name where it is not that of the folder.
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) integrity: Option<String>,
    pub(crate) license: Option<String>,
    pub(crate) dev: bool,
    /// npm leaves out an optional package that does not fit the platform.
    pub(crate) optional: bool,
    /// The entry stands for another folder of this tree.
    pub(crate) link: bool,
    pub(crate) dependencies: BTreeMap<String, String>,
    pub(crate) dev_dependencies: BTreeMap<String, String>,
    pub(crate) optional_dependencies: BTreeMap<String, String>,
}

impl LockFile {
    /// Reads the lock file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, or is no lock file of npm 7 or later.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let content = fs::read_to_string(path).map_err(Error::io("read", path))?;
        serde_json::from_str(&content).map_err(|error| Error::Tree {
            path: path.file_name().unwrap_or_default().into(),
            problem: format!("not a lock file of npm: {error}"),
            help: "run `npm install`, and commit the file that it writes".to_owned(),
        })
    }

    /// The folder in which the package in `from` finds `name`: the nearest `node_modules` above that has it.
    pub(crate) fn resolve(&self, from: &str, name: &str) -> Option<String> {
        let mut folder = Some(from);
        while let Some(above) = folder {
            let slash = if above.is_empty() { "" } else { "/" };
            let candidate = format!("{above}{slash}node_modules/{name}");
            if self.packages.contains_key(&candidate) {
                return Some(candidate);
            }
            folder = match above.rfind("node_modules/") {
                Some(place) => Some(above[..place].trim_end_matches('/')),
                None if above.is_empty() => None,
                None => Some(""),
            };
        }
        None
    }
}

impl LockedPackage {
    /// The names of all packages that this one depends on.
    pub(crate) fn needed(&self) -> impl Iterator<Item = &str> {
        let all = [&self.dependencies, &self.dev_dependencies, &self.optional_dependencies];
        all.into_iter().flat_map(BTreeMap::keys).map(String::as_str)
    }
}
