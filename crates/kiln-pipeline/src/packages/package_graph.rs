//! The packages of a lock file, with the packages that each needs.

use std::collections::{BTreeMap, BTreeSet};

use super::package_json::DeclaredPackage;

/// The packages of a lock file. Keys are those of its format, and are unique.
#[derive(Debug, Default)]
pub(crate) struct PackageGraph {
    pub(crate) packages: BTreeMap<String, LockedPackage>,
    /// Direct dependencies: the keys of packages, by the names in `package.json`.
    pub(crate) direct: BTreeMap<String, String>,
}

/// A package of a registry.
#[derive(Debug, Default)]
pub(crate) struct LockedPackage {
    pub(crate) name: String,
    pub(crate) version: String,
    /// Subresource integrity metadata.
    pub(crate) integrity: Option<String>,
    /// An expression as a string; old packages have objects and lists.
    pub(crate) license: Option<serde_json::Value>,
    /// Whether packages of development alone need it.
    pub(crate) is_development: bool,
    /// Keys of the packages that it needs.
    pub(crate) needs: BTreeSet<String>,
}

impl PackageGraph {
    /// The graph, with the mark of development at packages that no production dependency of `package` needs.
    pub(super) fn marked(mut self, package: &DeclaredPackage) -> Self {
        let mut open: Vec<String> =
            package.production().filter_map(|name| self.direct.get(name)).cloned().collect();
        let mut needed = BTreeSet::new();
        while let Some(key) = open.pop() {
            let needs = self.packages.get(&key).map(|package| &package.needs);
            let new = needs.into_iter().flatten().filter(|key| !needed.contains(*key));
            open.extend(new.cloned());
            needed.insert(key);
        }
        for (key, package) in &mut self.packages {
            package.is_development = !needed.contains(key);
        }
        self
    }
}
