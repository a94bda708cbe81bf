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

/// Paths without those that lie below another.
pub(crate) fn outermost(paths: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let is_below = |path: &Path| path.ancestors().skip(1).any(|folder| paths.contains(folder));
    paths.iter().filter(|path| !is_below(path)).cloned().collect()
}
