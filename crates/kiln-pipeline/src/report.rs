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
    /// Which outputs refer to an output: pages to their scripts, styles to their images, scripts to what they
    /// import.
    pub referrers: BTreeMap<LogicalPath, BTreeSet<LogicalPath>>,
    /// Every file and folder on which the output depends. A folder stands for all that is below it.
    pub watched: BTreeSet<PathBuf>,
    /// Every file and folder that is not there, and on which the output would depend if it were.
    pub missing_inputs: BTreeSet<PathBuf>,
    /// Variables of the environment on which the output depends.
    pub variables: BTreeSet<String>,
    /// Warnings of the tools.
    pub warnings: Vec<String>,
}

/// References between outputs, from the target to those that refer to it.
pub(crate) fn referrers(packed: &[Packed]) -> BTreeMap<LogicalPath, BTreeSet<LogicalPath>> {
    let mut referrers: BTreeMap<LogicalPath, BTreeSet<LogicalPath>> = BTreeMap::new();
    for output in packed {
        for target in output.linked.refers_to.iter().filter(|target| **target != output.linked.path) {
            referrers.entry(target.clone()).or_default().insert(output.linked.path.clone());
        }
    }
    referrers
}
