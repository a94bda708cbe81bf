//! `package-lock.json` of npm, and `node_modules/.package-lock.json`, npm's record of installed packages.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use super::{
    declared::Declared,
    installed::NODE_MODULES,
    package_graph::{LockedPackage, PackageGraph},
};
use crate::{Error, Result};

/// Packages by folder, relative to the lock file; the empty name is the package itself.
#[derive(Debug, Default, Deserialize)]
pub(super) struct LockFile {
    packages: BTreeMap<String, NpmPackage>,
}

/// One package of a lock file.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct NpmPackage {
    /// The name, when it differs from that of the folder.
    name: Option<String>,
    version: Option<String>,
    integrity: Option<String>,
    /// An expression as a string; old packages have objects and lists.
    license: Option<serde_json::Value>,
    dev: bool,
    /// Whether the package is optional: npm skips it on other platforms.
    optional: bool,
    /// Whether the entry is a link to another folder of this tree.
    link: bool,
    /// The archive, or the target of a link.
    resolved: Option<String>,
    dependencies: BTreeMap<String, String>,
    dev_dependencies: BTreeMap<String, String>,
    optional_dependencies: BTreeMap<String, String>,
}

impl LockFile {
    /// Reads the lock file at `path`.
    ///
    /// # Errors
    /// When it cannot be read, or is not a lock file of npm 7 or later.
    pub(super) fn read(path: &Path) -> Result<Self> {
        let content = fs::read_to_string(path).map_err(Error::io("read", path))?;
        serde_json::from_str(&content).map_err(|error| Error::Tree {
            path: path.file_name().unwrap_or_default().into(),
            problem: format!("invalid lock file of npm: {error}"),
            help: "run `npm install`, and commit the file that it writes".to_owned(),
        })
    }

    /// The dependencies that the lock file holds for the package in `member`.
    pub(super) fn declared(&self, member: &str) -> Declared {
        let mut found = Declared::default();
        if let Some(package) = self.packages.get(member) {
            let all = [&package.dependencies, &package.dev_dependencies, &package.optional_dependencies];
            for (name, range) in all.into_iter().flatten() {
                found.insert(name, range);
            }
        }
        found
    }

    /// Whether npm has installed all packages of the lock file below `folder`. Folders outside of `node_modules` are
    /// sources, to which packages may be linked.
    pub(super) fn is_installed(&self, folder: &Path) -> bool {
        let installed = Self::read(&folder.join(NODE_MODULES).join(".package-lock.json")).unwrap_or_default();
        self.packages.iter().filter(|(place, _)| is_package(place)).all(|(place, package)| {
            installed.packages.get(place).map_or(package.optional, |present| package.is_same(present))
        }) && installed.packages.keys().all(|place| !is_package(place) || self.packages.contains_key(place))
    }

    /// The packages of a registry, with the direct dependencies of `member`.
    pub(super) fn graph(&self, member: &str) -> PackageGraph {
        let of = |folder: &str, package: &NpmPackage| {
            let needed =
                package.needed().filter_map(|name| Some((name.to_owned(), self.resolve(folder, name)?)));
            needed.collect::<BTreeMap<_, _>>()
        };
        let packages = self.packages.iter().filter_map(|(folder, package)| {
            let needs = of(folder, package).into_values().collect();
            Some((folder.clone(), LockedPackage { needs, ..package.locked(folder)? }))
        });
        PackageGraph {
            packages: packages.collect(),
            direct: self.packages.get(member).map(|package| of(member, package)).unwrap_or_default(),
        }
    }

    /// The folder of the package `name` for the package in `from`: in the nearest `node_modules` above.
    fn resolve(&self, from: &str, name: &str) -> Option<String> {
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

/// Whether a place of the lock file is below `node_modules`.
fn is_package(place: &str) -> bool {
    place.split('/').any(|part| part == "node_modules")
}

impl NpmPackage {
    fn is_same(&self, present: &Self) -> bool {
        let is_linked_alike = !self.link || self.resolved == present.resolved;
        self.version == present.version
            && self.integrity == present.integrity
            && self.link == present.link
            && is_linked_alike
    }

    /// The package in `folder`; `None` for a link and for a local package, which has no version.
    fn locked(&self, folder: &str) -> Option<LockedPackage> {
        let (_, last) = folder.rsplit_once("node_modules/").filter(|_| !self.link)?;
        Some(LockedPackage {
            name: self.name.as_deref().unwrap_or(last).to_owned(),
            version: self.version.clone()?,
            integrity: self.integrity.clone(),
            license: self.license.clone(),
            is_development: self.dev,
            ..LockedPackage::default()
        })
    }

    /// Names of all dependencies.
    fn needed(&self) -> impl Iterator<Item = &str> {
        let all = [&self.dependencies, &self.dev_dependencies, &self.optional_dependencies];
        all.into_iter().flat_map(BTreeMap::keys).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: &str = r#"{"packages": {
        "": {"version": "1.0.0"},
        "../local": {"version": "1.0.0"},
        "node_modules/a": {"version": "1.0.0", "integrity": "sha512-a", "license": [{"type": "MIT"}]},
        "node_modules/b": {"version": "2.0.0", "integrity": "sha512-b", "optional": true},
        "node_modules/local": {"resolved": "../local", "link": true}}}"#;

    #[test]
    fn packages_are_installed_only_when_they_match_the_lock_file() {
        let wanted: LockFile = serde_json::from_str(WANTED).expect("lock file");
        let a = r#""node_modules/a": {"version": "1.0.0", "integrity": "sha512-a"}"#;
        let local = r#""node_modules/local": {"resolved": "../local", "link": true}"#;
        for (installed, expected) in [
            (format!(r#"{{"packages": {{{a}, {local}}}}}"#), true),
            (format!(r#"{{"packages": {{{a}, {local}, "../local": {{"version": "2.0.0"}}}}}}"#), true),
            (format!(r#"{{"packages": {{{a}}}}}"#), false),
            (format!(r#"{{"packages": {{{}, {local}}}}}"#, a.replace("sha512-a", "sha512-x")), false),
            (format!(r#"{{"packages": {{{a}, {}}}}}"#, local.replace("../local", "../other")), false),
            (format!(r#"{{"packages": {{{a}, {local}, "node_modules/c": {{"version": "1.0.0"}}}}}}"#), false),
            (r#"{"packages": {}}"#.to_owned(), false),
            ("{".to_owned(), false),
        ] {
            let root = tempfile::tempdir().expect("folder");
            fs::create_dir(root.path().join("node_modules")).expect("folder");
            fs::write(root.path().join("node_modules/.package-lock.json"), &installed).expect("write");
            assert_eq!(wanted.is_installed(root.path()), expected, "{installed}");
        }
    }
}
