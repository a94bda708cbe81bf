//! Built-in modules of Node.js, which packages import in branches that browsers never take: empty modules.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::packages::installed_name;

/// The beginning of the ids of empty modules.
const PREFIX: &str = "kiln:node:";

/// An empty module, of which any name may be imported.
pub(super) const EMPTY: &str = "module.exports = {};";

/// The id of the empty module for `specifier`.
pub(super) fn id_of(specifier: &str) -> String {
    format!("{PREFIX}{}", specifier.trim_start_matches("node:"))
}

/// Whether a module is the empty one of a built-in module.
pub(super) fn is_empty(id: &str) -> bool {
    id.starts_with(PREFIX)
}

/// Imports of built-in modules, by package.
#[derive(Debug, Default)]
pub(super) struct NodeBuiltins(BTreeMap<String, BTreeSet<String>>);

impl NodeBuiltins {
    /// Records that `importer`, a file of a package, imports `specifier`.
    pub(super) fn record(&mut self, importer: &Path, specifier: &str) {
        if let Some(package) = importer.ancestors().skip(1).find_map(installed_name) {
            self.0.entry(package).or_default().insert(format!("`{specifier}`"));
        }
    }

    /// A warning for each package.
    pub(super) fn warnings(self) -> impl Iterator<Item = String> {
        self.0.into_iter().map(|(package, modules)| {
            let modules = modules.into_iter().collect::<Vec<_>>().join(", ");
            format!("package `{package}` imports built-in modules of Node.js, empty in browsers: {modules}")
        })
    }
}
