//! `bun.lock`: JSON with commas before closing brackets.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;
use serde_json::Value;

use super::{
    declared::Declared,
    installed::NODE_MODULES,
    package_graph::{LockedPackage, PackageGraph},
};

/// The parts of a `bun.lock` that say what has to be installed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct BunLock {
    workspaces: BTreeMap<String, BunMember>,
    /// Packages by their place: `NAME`, `NAME/NAME`, …, with an array each, of which the first element is
    /// `NAME@VERSION`.
    packages: BTreeMap<String, Vec<Value>>,
}

/// A member of a workspace; the package itself has the empty name.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct BunMember {
    name: Option<String>,
    dependencies: BTreeMap<String, String>,
    dev_dependencies: BTreeMap<String, String>,
    optional_dependencies: BTreeMap<String, String>,
}

impl BunMember {
    /// Dependencies of all kinds, by name and version range.
    fn all(&self) -> impl Iterator<Item = (&String, &String)> {
        let all = [&self.dependencies, &self.dev_dependencies, &self.optional_dependencies];
        all.into_iter().flatten()
    }
}

impl BunLock {
    pub(super) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(&without_trailing_commas(text))
    }

    pub(super) fn declared(&self, member: &str) -> Declared {
        let mut found = Declared::default();
        for (name, range) in self.workspaces.get(member).into_iter().flat_map(BunMember::all) {
            found.insert(name, range);
        }
        found
    }

    /// The packages of a registry, with the direct dependencies of `member`.
    pub(super) fn graph(&self, member: &str) -> PackageGraph {
        let packages = self.packages.iter().filter_map(|(place, package)| {
            let (name, version) = registry_package(package)?;
            let needs = needed(package).into_iter().filter_map(|name| self.resolve(place, name));
            let package = LockedPackage {
                name: name.to_owned(),
                version: version.to_owned(),
                integrity: package.get(3).and_then(Value::as_str).map(str::to_owned),
                needs: needs.collect(),
                ..LockedPackage::default()
            };
            Some((place.clone(), package))
        });
        let of_member = self.workspaces.get(member);
        let from = of_member.and_then(|member| member.name.as_deref()).filter(|_| !member.is_empty());
        let direct = of_member.into_iter().flat_map(BunMember::all);
        PackageGraph {
            packages: packages.collect(),
            direct: direct
                .filter_map(|(name, _)| Some((name.clone(), self.resolve(from.unwrap_or_default(), name)?)))
                .collect(),
        }
    }

    /// The place of the package `name` for the one in the place `from`: within the nearest package above.
    fn resolve(&self, from: &str, name: &str) -> Option<String> {
        let parts = names(from);
        let mut candidates = (0..=parts.len()).rev().map(|end| [&parts[..end], &[name]].concat().join("/"));
        candidates.find(|place| self.packages.contains_key(place))
    }

    /// Whether every package of the lock file stands below `folder`, in the version that the lock file has. Bun keeps no
    /// record.
    pub(super) fn is_installed(&self, folder: &Path) -> bool {
        let store = fs::read_dir(folder.join(NODE_MODULES).join(".bun"));
        let stored: Vec<String> = store
            .map(|entries| {
                entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
            })
            .unwrap_or_default();
        folder.join(NODE_MODULES).is_dir()
            && self.packages.iter().all(|(place, package)| {
                let Some((name, version)) = registry_package(package) else { return true };
                let isolated = format!("{}@{version}", name.replace('/', "+"));
                let is_isolated = |one: &String| {
                    one.strip_prefix(&isolated).is_some_and(|rest| rest.is_empty() || rest.starts_with('+'))
                };
                is_of_platforms(package)
                    || stored.iter().any(is_isolated)
                    || version_in(&self.hoisted(folder, place)).as_deref() == Some(version)
            })
    }

    /// The folder of a package, by the place that the lock file has for it. The place of a member is its folder.
    fn hoisted(&self, folder: &Path, place: &str) -> PathBuf {
        let mut names = names(place).into_iter();
        let first = names.next().unwrap_or_default();
        let member =
            self.packages.get(first).and_then(|package| package.first()?.as_str()?.split_once("@workspace:"));
        let start = match member {
            Some((_, member)) => folder.join(member),
            None => folder.join(NODE_MODULES).join(first),
        };
        names.fold(start, |folder, name| folder.join(NODE_MODULES).join(name))
    }
}

/// The names in a place: those of scoped packages hold a slash.
fn names(place: &str) -> Vec<&str> {
    let (mut names, mut rest) = (Vec::new(), place);
    while !rest.is_empty() {
        let slashes = usize::from(rest.starts_with('@'));
        let end = rest.match_indices('/').nth(slashes).map_or(rest.len(), |(at, _)| at);
        names.push(&rest[..end]);
        rest = rest.get(end + 1..).unwrap_or_default();
    }
    names
}

/// The name and the version of a package; `None` for a folder, an archive or a member.
fn registry_package(package: &[Value]) -> Option<(&str, &str)> {
    let (name, version) = package.first()?.as_str()?.rsplit_once('@')?;
    version.starts_with(|first: char| first.is_ascii_digit()).then_some((name, version))
}

/// The names of the packages that a package needs.
fn needed(package: &[Value]) -> Vec<&String> {
    let kinds = ["dependencies", "optionalDependencies"];
    let needed = kinds.iter().filter_map(|kind| package.get(2)?.get(kind)?.as_object());
    needed.flat_map(serde_json::Map::keys).collect()
}

/// Whether a package is made for some platforms alone, and so may be absent.
fn is_of_platforms(package: &[Value]) -> bool {
    package.iter().any(|part| part.get("os").is_some() || part.get("cpu").is_some())
}

fn version_in(folder: &Path) -> Option<String> {
    let package: Value = serde_json::from_slice(&fs::read(folder.join("package.json")).ok()?).ok()?;
    Some(package.get("version")?.as_str()?.to_owned())
}

/// The text without commas before closing brackets.
fn without_trailing_commas(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let (mut is_string, mut is_escaped) = (false, false);
    for character in text.chars() {
        if !is_string && matches!(character, '}' | ']') {
            let kept = plain.trim_end();
            plain.truncate(kept.strip_suffix(',').unwrap_or(kept).len());
        }
        if character == '"' && !is_escaped {
            is_string = !is_string;
        }
        is_escaped = character == '\\' && !is_escaped;
        plain.push(character);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_before_closing_brackets_are_left_out_but_in_strings() {
        let text = "{\"a\": [1, 2,\n ], \"b,]\": \"\\\",}\",\n}";
        let value: Value = serde_json::from_str(&without_trailing_commas(text)).expect("JSON");
        assert_eq!(value, serde_json::json!({"a": [1, 2], "b,]": "\",}"}));
    }

    #[test]
    fn a_place_consists_of_names() {
        assert_eq!(names("@s/a/b/@t/c"), ["@s/a", "b", "@t/c"]);
        assert_eq!(names("a"), ["a"]);
    }
}
