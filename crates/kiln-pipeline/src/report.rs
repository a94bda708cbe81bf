//! The report of a build, for `build.rs`, the watcher and `cargo kiln report`.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use kiln_manifest::{LogicalPath, Manifest};

use crate::compress::Packed;

/// The outcome of a build.
#[derive(Clone, Debug)]
pub struct Report {
    /// The manifest of the output.
    pub manifest: Manifest,
    /// The outputs that refer to an output: pages to their scripts, styles to their images, scripts to their imports.
    pub referrers: BTreeMap<LogicalPath, BTreeSet<LogicalPath>>,
    /// Every file and folder on which the output depends. A folder stands for everything below it.
    pub watched: BTreeSet<PathBuf>,
    /// Every file and folder that does not exist, and would change the output if it did.
    pub missing_inputs: BTreeSet<PathBuf>,
    /// Variables of the environment on which the output depends.
    pub variables: BTreeSet<String>,
    /// Warnings of the tools.
    pub warnings: Vec<String>,
}

/// References between outputs, from the target to its referrers.
pub(crate) fn referrers(packed: &[Packed]) -> BTreeMap<LogicalPath, BTreeSet<LogicalPath>> {
    let mut referrers: BTreeMap<LogicalPath, BTreeSet<LogicalPath>> = BTreeMap::new();
    for output in packed {
        for target in output.linked.refers_to.iter().filter(|target| **target != output.linked.path) {
            referrers.entry(target.clone()).or_default().insert(output.linked.path.clone());
        }
    }
    referrers
}
