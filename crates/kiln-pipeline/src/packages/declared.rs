//! Declared dependencies: those that a lock file was written for, and those of `package.json` today.

use std::{collections::BTreeSet, ops::Range};

use super::package_json::DeclaredPackage;
use crate::text::{Text, json_strings};

/// Dependencies that a lock file was written for: names and version ranges.
#[derive(Debug, Default)]
pub(super) struct Declared(BTreeSet<(String, String)>);

impl Declared {
    pub(super) fn insert(&mut self, name: &str, range: &str) {
        self.0.insert((name.to_owned(), plain(range).to_owned()));
    }

    fn has_name(&self, name: &str) -> bool {
        self.0.iter().any(|(locked, _)| locked == name)
    }

    /// Whether the lock file was written for the same ranges.
    pub(super) fn holds(&self, package: &DeclaredPackage) -> bool {
        let mut declared = package.declared();
        declared.all(|(name, range)| self.0.contains(&(name.to_owned(), plain(range).to_owned())))
    }

    /// The first dependency of `package` without an entry, `NAME@RANGE`, with its place in the `text` of package.json.
    pub(super) fn missing(
        &self,
        text: &Text,
        package: &DeclaredPackage,
        is_known: impl Fn(&str) -> bool,
    ) -> Option<(String, Range<usize>)> {
        let (name, range) = package.declared().find(|(name, _)| !self.has_name(name) && !is_known(name))?;
        let is_it = |member: &str| {
            member
                .split_once('/')
                .is_some_and(|(kind, key)| key == name && kind.to_lowercase().ends_with("dependencies"))
        };
        let place = json_strings(text.content()).into_iter().find(|(member, _)| is_it(member));
        Some((format!("{name}@{range}"), place.map_or(0..0, |(_, place)| place)))
    }
}

#[cfg(test)]
impl Declared {
    pub(super) fn into_pairs(self) -> Vec<(String, String)> {
        self.0.into_iter().collect()
    }
}

/// A range without the protocol that yarn adds.
fn plain(range: &str) -> &str {
    range.strip_prefix("npm:").unwrap_or(range)
}
