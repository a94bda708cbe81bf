//! `package-lock.json` of npm, and `node_modules/.package-lock.json`, npm's record of installed packages.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use crate::{Error, Result};

/// Packages by folder, relative to the lock file; the empty name is the package itself.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct LockFile {
    pub(crate) packages: BTreeMap<String, LockedPackage>,
}

/// One package of a lock file.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct LockedPackage {
    /// The name, when it differs from that of the folder.
    pub(crate) name: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) integrity: Option<String>,
    /// An expression as a string; old packages have objects and lists.
    pub(crate) license: Option<serde_json::Value>,
    pub(crate) dev: bool,
    /// Whether the package is optional: npm skips it on other platforms.
    pub(crate) optional: bool,
    /// Whether the entry is a link to another folder of this tree.
    pub(crate) link: bool,
    pub(crate) dependencies: BTreeMap<String, String>,
    pub(crate) dev_dependencies: BTreeMap<String, String>,
    pub(crate) optional_dependencies: BTreeMap<String, String>,
}

impl LockFile {
    /// Reads the lock file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, or is not a lock file of npm 7 or later.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let content = fs::read_to_string(path).map_err(Error::io("read", path))?;
        serde_json::from_str(&content).map_err(|error| Error::Tree {
            path: path.file_name().unwrap_or_default().into(),
            problem: format!("invalid lock file of npm: {error}"),
            help: "run `npm install`, and commit the file that it writes".to_owned(),
        })
    }

    /// The folder of the package `name` for the package in `from`: in the nearest `node_modules` above.
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
    /// Names of all dependencies.
    pub(crate) fn needed(&self) -> impl Iterator<Item = &str> {
        let all = [&self.dependencies, &self.dev_dependencies, &self.optional_dependencies];
        all.into_iter().flat_map(BTreeMap::keys).map(String::as_str)
    }
}
