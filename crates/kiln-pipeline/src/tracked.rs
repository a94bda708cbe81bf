//! Inputs and warnings of a build, for cargo's directives.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

/// The inputs of a build and its warnings, which travel through all stages.
#[derive(Debug, Default)]
pub(crate) struct Tracked {
    /// Files and folders that were read, or looked for; a folder stands for everything below it.
    pub(crate) paths: BTreeSet<PathBuf>,
    /// Variables of the environment that were read.
    pub(crate) variables: BTreeSet<String>,
    /// Warnings of the tools, in their order.
    pub(crate) warnings: Vec<String>,
}

impl Tracked {
    /// Adds the paths, variables and warnings of `other`.
    pub(crate) fn extend(&mut self, other: Self) {
        self.paths.extend(other.paths);
        self.variables.extend(other.variables);
        self.warnings.extend(other.warnings);
    }
}

/// Paths without those that lie below another. A folder that holds the package in `root` stands for none: cargo and the
/// watcher leave out parts of it.
pub(crate) fn outermost(paths: &BTreeSet<PathBuf>, root: &Path) -> BTreeSet<PathBuf> {
    let stands = |folder: &Path| paths.contains(folder) && !root.starts_with(folder);
    let is_below = |path: &Path| path.ancestors().skip(1).any(stands);
    paths.iter().filter(|path| !is_below(path)).cloned().collect()
}
