//! `yarn.lock`, and yarn's records of installed packages.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde::Deserialize;

use super::{declared::Declared, package_json::DeclaredPackage, yaml};

/// The entries of a `yarn.lock`.
pub(super) struct YarnLock<'a>(Vec<YarnEntry<'a>>);

struct YarnEntry<'a> {
    /// `NAME@RANGE`, each.
    descriptors: Vec<&'a str>,
    /// Lines below the entry, without indentation.
    lines: Vec<&'a str>,
}

impl<'a> YarnLock<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        let mut entries: Vec<YarnEntry<'_>> = Vec::new();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            match (line.strip_suffix(':'), entries.last_mut()) {
                (Some(head), _) if !line.starts_with(' ') => {
                    let descriptors = head.split(", ").map(|one| one.trim_matches('"'));
                    entries.push(YarnEntry { descriptors: descriptors.collect(), lines: Vec::new() });
                }
                (_, Some(entry)) => entry.lines.push(line),
                (_, None) => {}
            }
        }
        Self(entries)
    }

    /// The dependencies of all members, which yarn classic does not tell apart.
    pub(super) fn declared_classic(&self) -> Declared {
        let mut found = Declared::default();
        for (name, range) in self.0.iter().flat_map(|entry| &entry.descriptors).filter_map(|one| split(one)) {
            found.insert(name, range);
        }
        found
    }

    /// The dependencies of a member, by yarn berry.
    pub(super) fn declared_berry(&self, member: &str) -> Declared {
        let workspace = format!("@workspace:{}", if member.is_empty() { "." } else { member });
        let is_member =
            |entry: &&YarnEntry<'_>| entry.descriptors.iter().any(|one| one.ends_with(&workspace));
        let mut found = Declared::default();
        for (name, range) in self.0.iter().find(is_member).into_iter().flat_map(YarnEntry::dependencies) {
            found.insert(name, range);
        }
        found
    }

    /// Packages of a registry: name, version, and the digest that yarn classic writes.
    pub(super) fn packages(&self) -> impl Iterator<Item = (&str, &str, Option<&str>)> {
        self.0.iter().filter_map(|entry| {
            let (name, range) = split(entry.descriptors.first()?)?;
            let is_of_registry =
                !entry.value("resolved").is_empty() || entry.value("resolution").contains("@npm:");
            let integrity = Some(entry.value("integrity")).filter(|integrity| !integrity.is_empty());
            // `NAME@npm:OTHER@RANGE` is another package under a name of its own.
            let name = range.strip_prefix("npm:").and_then(split).map_or(name, |(other, _)| other);
            is_of_registry.then(|| (name, entry.value("version"), integrity))
        })
    }

    /// Whether yarn classic has installed all entries below `folder`: its record repeats them.
    pub(super) fn is_installed_classic(&self, package: &DeclaredPackage, folder: &Path) -> bool {
        let record = fs::read(folder.join("node_modules/.yarn-integrity")).unwrap_or_default();
        let Ok(record) = serde_json::from_slice::<Integrity>(&record) else { return false };
        let entries: BTreeMap<_, _> = self
            .0
            .iter()
            .flat_map(|entry| entry.descriptors.iter().map(|one| (*one, entry.value("resolved"))))
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

    /// Whether yarn berry has installed all entries below `folder`. Its record holds the packages in `node_modules`, so
    /// none may be unknown to the lock file, and every dependency of a member must be there. A package that changes
    /// its own dependencies changes its version, and is then unknown.
    pub(super) fn is_installed_berry(&self, folder: &Path) -> bool {
        let record = fs::read_to_string(folder.join("node_modules/.yarn-state.yml")).unwrap_or_default();
        let record = YarnLock::parse(&record);
        let installed: BTreeSet<&str> = record
            .0
            .iter()
            .flat_map(|entry| &entry.descriptors)
            .copied()
            .filter(|one| *one != "__metadata")
            .collect();
        let locked: BTreeSet<&str> = self.0.iter().map(|entry| entry.value("resolution")).collect();
        !installed.is_empty()
            && installed.is_subset(&locked)
            && self.0.iter().filter(|entry| entry.is_workspace()).all(|member| {
                member.dependencies().all(|(name, range)| self.is_present(name, range, &installed))
            })
    }

    /// Whether the package of a dependency is among `installed`, or belongs to another platform.
    fn is_present(&self, name: &str, range: &str, installed: &BTreeSet<&str>) -> bool {
        let descriptor = format!("{name}@{range}");
        let has = |kind: &str| installed.iter().any(|one| one.starts_with(&format!("{name}@{kind}:")));
        let entry = self.0.iter().find(|entry| entry.descriptors.contains(&&*descriptor));
        let is_satisfied = |entry: &YarnEntry<'_>| {
            installed.contains(entry.value("resolution"))
                || !entry.value("conditions").is_empty()
                || has("patch")
        };
        entry.map_or_else(|| has("file") || has("workspace"), is_satisfied)
    }
}

impl<'a> YarnEntry<'a> {
    /// The value of a key, which stands behind a space or a colon; empty when there is none.
    fn value(&self, key: &str) -> &'a str {
        let find = |line: &&'a str| line.trim().strip_prefix(key)?.strip_prefix([' ', ':']);
        self.lines.iter().find_map(find).map_or("", yaml::scalar)
    }

    fn is_workspace(&self) -> bool {
        self.value("resolution").contains("@workspace:")
    }

    fn dependencies(&self) -> impl Iterator<Item = (&'a str, &'a str)> + '_ {
        let block = self.lines.iter().skip_while(|line| line.trim() != "dependencies:").skip(1);
        let lines = block.take_while(|line| yaml::indentation(line) > 2);
        lines.filter_map(|line| {
            let (name, range) = line.trim().split_once(": ")?;
            Some((yaml::scalar(name), yaml::scalar(range)))
        })
    }
}

/// `.yarn-integrity`, the record of yarn classic.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Integrity {
    flags: Vec<String>,
    top_level_patterns: BTreeSet<String>,
    lockfile_entries: BTreeMap<String, String>,
}

/// The name and the range of a descriptor. The name of a scoped package begins with `@`.
fn split(descriptor: &str) -> Option<(&str, &str)> {
    let at = descriptor.get(1..)?.find('@')? + 1;
    Some((&descriptor[..at], &descriptor[at + 1..]))
}
