//! `pnpm-lock.yaml`, and pnpm's copy of it beside the installed packages.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;
use serde_json::Value;

use super::{
    declared::Declared,
    installed::NODE_MODULES,
    package_graph::{LockedPackage, PackageGraph},
};

/// The first version of the file that holds a specifier with each dependency.
const FIRST_WITH_SPECIFIERS: u32 = 6;

/// The content of a `pnpm-lock.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct PnpmLock {
    lockfile_version: String,
    importers: BTreeMap<String, Importer>,
    // The dependencies of a single package, in old files.
    dependencies: BTreeMap<String, ImporterDependency>,
    dev_dependencies: BTreeMap<String, ImporterDependency>,
    optional_dependencies: BTreeMap<String, ImporterDependency>,
    /// Packages by `NAME@VERSION`; before version 9 with their needs, with peers behind the version, and with a slash ahead.
    packages: BTreeMap<String, PnpmPackage>,
    /// The needs of packages, by `NAME@VERSION` with peers.
    snapshots: BTreeMap<String, PnpmPackage>,
    /// The text, without a document about pnpm itself.
    #[serde(skip)]
    text: String,
}

/// A member of a workspace; the package beside the lock file has the name `.`.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Importer {
    dependencies: BTreeMap<String, ImporterDependency>,
    dev_dependencies: BTreeMap<String, ImporterDependency>,
    optional_dependencies: BTreeMap<String, ImporterDependency>,
}

/// The specifier and the version; in old files the version alone.
type ImporterDependency = Value;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PnpmPackage {
    resolution: Resolution,
    dependencies: BTreeMap<String, String>,
    optional_dependencies: BTreeMap<String, String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resolution {
    integrity: Option<String>,
}

impl PnpmLock {
    pub(super) fn parse(text: &str) -> Result<Self, serde_saphyr::Error> {
        let text = packages_document(text);
        Ok(Self { text: text.to_owned(), ..serde_saphyr::from_str(text)? })
    }

    /// The dependencies that the lock file holds for a member; `None` for a lock file of pnpm 7 and before.
    pub(super) fn declared(&self, member: &str) -> Option<Declared> {
        if self.lockfile_version.split('.').next()?.parse::<u32>().ok()? < FIRST_WITH_SPECIFIERS {
            return None;
        }
        let mut found = Declared::default();
        for (name, dependency) in self.dependencies(member) {
            if let Some(specifier) = dependency.get("specifier").and_then(Value::as_str) {
                found.insert(name, specifier);
            }
        }
        Some(found)
    }

    fn dependencies(&self, member: &str) -> impl Iterator<Item = (&String, &ImporterDependency)> {
        let importer = self.importers.get(if member.is_empty() { "." } else { member });
        let own = [&self.dependencies, &self.dev_dependencies, &self.optional_dependencies];
        let of_importer = importer
            .map(|one| [&one.dependencies, &one.dev_dependencies, &one.optional_dependencies])
            .into_iter()
            .flatten();
        own.into_iter().chain(of_importer).flatten()
    }

    /// The packages of a registry, with the direct dependencies of `member`.
    pub(super) fn graph(&self, member: &str) -> PackageGraph {
        let mut graph = PackageGraph::default();
        for (key, package) in self.packages.iter().chain(&self.snapshots) {
            let key = key.trim_start_matches('/');
            let plain = without_peers(key);
            let Some((name, version)) = plain.rsplit_once('@') else { continue };
            if !version.starts_with(|first: char| first.is_ascii_digit()) {
                continue;
            }
            let integrity = self.packages.get(plain).unwrap_or(package).resolution.integrity.clone();
            let needs = package.dependencies.iter().chain(&package.optional_dependencies);
            let found = LockedPackage {
                name: name.to_owned(),
                version: version.to_owned(),
                integrity,
                needs: needs.map(|(name, version)| package_key(name, version)).collect(),
                ..LockedPackage::default()
            };
            graph.packages.insert(key.to_owned(), found);
        }
        for (name, dependency) in self.dependencies(member) {
            let Some(version) = dependency.get("version").unwrap_or(dependency).as_str() else { continue };
            graph.direct.insert(name.clone(), package_key(name, version));
        }
        graph
    }

    /// Whether pnpm has installed all packages of the lock file below `folder`.
    pub(super) fn is_installed(&self, folder: &Path) -> bool {
        let read = |name| fs::read_to_string(folder.join(NODE_MODULES).join(name)).ok();
        let record = read(".modules.yaml").and_then(|record| serde_saphyr::from_str(&record).ok());
        let (Some(ModulesRecord { included }), Some(installed)) = (record, read(".pnpm/lock.yaml")) else {
            return false;
        };
        included.dev_dependencies
            && included.optional_dependencies
            && self.text == packages_document(&installed)
    }
}

/// `.modules.yaml`, the record of pnpm.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ModulesRecord {
    included: Included,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Included {
    dev_dependencies: bool,
    optional_dependencies: bool,
}

impl Default for Included {
    fn default() -> Self {
        Self { dev_dependencies: true, optional_dependencies: true }
    }
}

/// The key of the package `name` in this version, which may be the key of a package of another name.
fn package_key(name: &str, version: &str) -> String {
    let version = version.trim_start_matches('/');
    let is_alias = without_peers(version).get(1..).is_some_and(|rest| rest.contains('@'));
    if is_alias { version.to_owned() } else { format!("{name}@{version}") }
}

/// A key or a version without its peers, which stand in parentheses.
fn without_peers(key: &str) -> &str {
    key.split('(').next().unwrap_or(key)
}

/// The last document of the file: pnpm may write one about itself before it.
fn packages_document(lock: &str) -> &str {
    lock.rsplit("\n---\n").next().unwrap_or(lock).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_of_a_member_stand_in_its_importer() {
        let workspace = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1\n        version: 1.0.0\n\n  'web/x':\n    devDependencies:\n      '@s/b':\n        specifier: '>=2'\n        version: 2.0.0\n\npackages:\n\n  c@1.0.0:\n    resolution: {integrity: sha512-c}\n";
        let found = |lock: &str, member: &str| {
            PnpmLock::parse(lock).expect("a lock file").declared(member).map(Declared::into_pairs)
        };
        let pair = |name: &str, range: &str| Some(vec![(name.to_owned(), range.to_owned())]);
        assert_eq!(found(workspace, ""), pair("a", "^1"));
        assert_eq!(found(workspace, "web/x"), pair("@s/b", ">=2"));
        assert_eq!(found(workspace, "docs"), Some(Vec::new()));
        let single = "lockfileVersion: '6.0'\n\ndependencies:\n  a:\n    specifier: ^1\n    version: 1.0.0\n";
        assert_eq!(found(single, ""), pair("a", "^1"));
        let old = "lockfileVersion: 5.4\n\nspecifiers:\n  a: ^1\n\ndependencies:\n  a: 1.0.0\n";
        assert_eq!(found(old, ""), None);
    }

    #[test]
    fn a_document_of_pnpm_about_itself_is_left_out() {
        let lock = "lockfileVersion: '9.0'\n\n---\nlockfileVersion: '9.0'\n\nimporters:\n  .:\n    dependencies:\n      a:\n        specifier: '1.10'\n        version: 1.10.0\n";
        let lock = PnpmLock::parse(&format!("---\n{lock}")).expect("a lock file");
        let declared = lock.declared("").map(Declared::into_pairs);
        assert_eq!(declared, Some(vec![("a".to_owned(), "1.10".to_owned())]));
    }
}
