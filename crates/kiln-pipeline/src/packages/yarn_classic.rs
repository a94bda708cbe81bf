//! `yarn.lock` of yarn 1, which is no YAML, and the record of installed packages.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Deserialize;

use super::{
    declared::Declared,
    installed::NODE_MODULES,
    package_graph::{LockedPackage, PackageGraph},
    package_json::DeclaredPackage,
};

/// The entries of a `yarn.lock`.
#[derive(Debug, Default)]
pub(super) struct ClassicLock(Vec<ClassicEntry>);

#[derive(Debug, Default)]
struct ClassicEntry {
    /// `NAME@RANGE`, each.
    descriptors: Vec<String>,
    /// `version`, `resolved` and `integrity`.
    values: BTreeMap<String, String>,
    /// Dependencies, also optional ones: names and ranges.
    dependencies: Vec<(String, String)>,
}

impl ClassicLock {
    pub(super) fn parse(text: &str) -> Self {
        let mut entries: Vec<ClassicEntry> = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            let indentation = line.len() - line.trim_start().len();
            match (indentation, entries.last_mut(), pair(line)) {
                (0, ..) => {
                    let descriptors = line.trim_end_matches(':').split(", ");
                    let descriptors = descriptors.map(|one| one.trim_matches('"').to_owned()).collect();
                    entries.push(ClassicEntry { descriptors, ..ClassicEntry::default() });
                }
                (1..=2, Some(entry), Some((key, value))) => drop(entry.values.insert(key, value)),
                (3.., Some(entry), Some(dependency)) => entry.dependencies.push(dependency),
                _ => {}
            }
        }
        Self(entries)
    }

    /// The dependencies of all members, which yarn 1 does not tell apart.
    pub(super) fn declared(&self) -> Declared {
        let mut found = Declared::default();
        for (name, range) in self.0.iter().flat_map(|entry| &entry.descriptors).filter_map(|one| split(one)) {
            found.insert(name, range);
        }
        found
    }

    /// The packages of a registry, with the direct dependencies of `package`.
    pub(super) fn graph(&self, package: &DeclaredPackage) -> PackageGraph {
        let mut by_descriptor = BTreeMap::new();
        for (entry, key) in self.0.iter().zip(0..) {
            by_descriptor.extend(entry.descriptors.iter().map(|one| (one.as_str(), format!("{key}"))));
        }
        let key = |name: &str, range: &str| by_descriptor.get(&*format!("{name}@{range}")).cloned();
        let packages = self.0.iter().zip(0..).filter_map(|(entry, number)| {
            let needs = entry.dependencies.iter().filter_map(|(name, range)| key(name, range));
            Some((format!("{number}"), LockedPackage { needs: needs.collect(), ..entry.package()? }))
        });
        PackageGraph {
            packages: packages.collect(),
            direct: package
                .declared()
                .filter_map(|(name, range)| Some((name.to_owned(), key(name, range)?)))
                .collect(),
        }
    }

    /// Whether yarn has installed all entries below `folder`: its record repeats them.
    pub(super) fn is_installed(&self, package: &DeclaredPackage, folder: &Path) -> bool {
        let record = fs::read(folder.join(NODE_MODULES).join(".yarn-integrity")).unwrap_or_default();
        let Ok(record) = serde_json::from_slice::<Integrity>(&record) else { return false };
        let entries: BTreeMap<_, _> = self
            .0
            .iter()
            .flat_map(|entry| entry.descriptors.iter().map(|one| (one.as_str(), entry.value("resolved"))))
            .collect();
        let installed = record.lockfile_entries.iter().map(|(one, url)| (one.as_str(), url.as_str()));
        // yarn writes a folder relative to the lock file.
        let has = |name: &str, range: &str| match range.split_once(':') {
            Some((kind @ ("file" | "link"), _)) => {
                record.top_level_patterns.iter().any(|one| one.starts_with(&format!("{name}@{kind}:")))
            }
            _ => record.top_level_patterns.contains(&format!("{name}@{range}")),
        };
        installed.eq(entries)
            && !record.flags.iter().any(|flag| flag == "production")
            && package.declared().all(|(name, range)| has(name, range))
    }
}

impl ClassicEntry {
    fn value(&self, key: &str) -> &str {
        self.values.get(key).map_or("", String::as_str)
    }

    /// The package of the entry, when it is one of a registry.
    fn package(&self) -> Option<LockedPackage> {
        let (name, range) = split(self.descriptors.first()?)?;
        // `NAME@npm:OTHER@RANGE` is another package under a name of its own.
        let name = range.strip_prefix("npm:").and_then(split).map_or(name, |(other, _)| other);
        self.values.contains_key("resolved").then(|| LockedPackage {
            name: name.to_owned(),
            version: self.value("version").to_owned(),
            integrity: self.values.get("integrity").cloned(),
            ..LockedPackage::default()
        })
    }
}

/// `.yarn-integrity`, the record of yarn 1.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Integrity {
    flags: Vec<String>,
    top_level_patterns: BTreeSet<String>,
    lockfile_entries: BTreeMap<String, String>,
}

/// A key and its value, each in quotes or not.
fn pair(line: &str) -> Option<(String, String)> {
    let line = line.trim();
    let (key, value) = match line.strip_prefix('"') {
        Some(quoted) => quoted.split_once("\" ")?,
        None => line.split_once(' ')?,
    };
    Some((key.to_owned(), value.trim_matches('"').to_owned()))
}

/// The name and the range of a descriptor. The name of a scoped package begins with `@`.
fn split(descriptor: &str) -> Option<(&str, &str)> {
    let at = descriptor.get(1..)?.find('@')? + 1;
    Some((&descriptor[..at], &descriptor[at + 1..]))
}
