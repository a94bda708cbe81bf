//! `yarn.lock` of yarn 2 and later, and the record of installed packages.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Deserialize;
use serde_json::Value;

use super::{
    declared::Declared,
    installed::NODE_MODULES,
    package_graph::{LockedPackage, PackageGraph},
};

/// The entries of a `yarn.lock`, by their descriptors, which are separated by commas.
#[derive(Debug, Deserialize)]
pub(super) struct BerryLock(BTreeMap<String, BerryEntry>);

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct BerryEntry {
    version: String,
    /// `NAME@npm:VERSION`, `NAME@workspace:FOLDER`, …; unique.
    resolution: String,
    dependencies: BTreeMap<String, String>,
    /// The platforms of a package that may be absent.
    conditions: Option<String>,
}

/// `.yarn-state.yml`, the record of yarn: installed packages by their resolution.
type StateRecord = BTreeMap<String, Value>;

/// The entry of both files about the file itself.
const METADATA: &str = "__metadata";

impl BerryLock {
    pub(super) fn parse(text: &str) -> Result<Self, serde_saphyr::Error> {
        serde_saphyr::from_str(text)
    }

    pub(super) fn declared(&self, member: &str) -> Declared {
        let mut found = Declared::default();
        for (name, range) in self.member(member).into_iter().flat_map(|entry| &entry.dependencies) {
            found.insert(name, range);
        }
        found
    }

    fn member(&self, member: &str) -> Option<&BerryEntry> {
        let workspace = format!("@workspace:{}", if member.is_empty() { "." } else { member });
        self.0.values().find(|entry| entry.resolution.ends_with(&workspace))
    }

    /// Entries by each of their descriptors.
    fn by_descriptor(&self) -> BTreeMap<&str, &BerryEntry> {
        self.0.iter().flat_map(|(all, entry)| all.split(", ").map(move |one| (one, entry))).collect()
    }

    /// The packages of a registry, with the direct dependencies of `member`.
    pub(super) fn graph(&self, member: &str) -> PackageGraph {
        let entries = self.by_descriptor();
        let key =
            |name: &str, range: &str| found(&entries, name, range).map(|entry| entry.resolution.clone());
        let packages = self.0.values().filter_map(|entry| {
            let (name, _) = entry.resolution.split_once("@npm:")?;
            let needs = entry.dependencies.iter().filter_map(|(name, range)| key(name, range)).collect();
            let (name, version) = (name.to_owned(), entry.version.clone());
            Some((
                entry.resolution.clone(),
                LockedPackage { name, version, needs, ..LockedPackage::default() },
            ))
        });
        let direct = self.member(member).into_iter().flat_map(|entry| &entry.dependencies);
        PackageGraph {
            packages: packages.collect(),
            direct: direct.filter_map(|(name, range)| Some((name.clone(), key(name, range)?))).collect(),
        }
    }

    /// Whether yarn has installed all entries below `folder`. Its record holds the packages in `node_modules`, so none may
    /// be unknown to the lock file, and every dependency of a member must be there. A package that changes its own
    /// dependencies changes its version, and is then unknown.
    pub(super) fn is_installed(&self, folder: &Path) -> bool {
        let record =
            fs::read_to_string(folder.join(NODE_MODULES).join(".yarn-state.yml")).unwrap_or_default();
        let record: StateRecord = serde_saphyr::from_str(&record).unwrap_or_default();
        let installed: BTreeSet<&str> =
            record.keys().map(String::as_str).filter(|one| *one != METADATA).collect();
        let locked: BTreeSet<&str> = self.0.values().map(|entry| entry.resolution.as_str()).collect();
        let entries = self.by_descriptor();
        let mut members = self.0.values().filter(|entry| entry.resolution.contains("@workspace:"));
        !installed.is_empty()
            && installed.is_subset(&locked)
            && members.all(|member| {
                member.dependencies.iter().all(|(name, range)| is_present(&entries, &installed, name, range))
            })
    }
}

/// The entry of a dependency. Before version 8, the lock file has no protocol in ranges of dependencies.
fn found<'e>(entries: &BTreeMap<&str, &'e BerryEntry>, name: &str, range: &str) -> Option<&'e BerryEntry> {
    let with_protocol = || entries.get(&*format!("{name}@npm:{range}"));
    entries.get(&*format!("{name}@{range}")).or_else(with_protocol).copied()
}

/// Whether the package of a dependency is among `installed`, or belongs to another platform.
fn is_present(
    entries: &BTreeMap<&str, &BerryEntry>,
    installed: &BTreeSet<&str>,
    name: &str,
    range: &str,
) -> bool {
    let has = |kind: &str| installed.iter().any(|one| one.starts_with(&format!("{name}@{kind}:")));
    match found(entries, name, range) {
        Some(entry) => {
            installed.contains(entry.resolution.as_str()) || entry.conditions.is_some() || has("patch")
        }
        None => has("file") || has("workspace"),
    }
}
