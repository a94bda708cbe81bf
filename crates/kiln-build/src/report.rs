//! What a build made, for `build.rs`, the watcher and the report.

use std::{collections::BTreeSet, path::PathBuf};

use kiln_manifest::Manifest;

/// The outcome of a build.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was made.
    pub manifest: Manifest,
    /// Every file and folder on which the output depends. A folder stands for all that is below it.
    pub watched: BTreeSet<PathBuf>,
    /// Every file and folder that is not there, and on which the output would depend if it were.
    pub awaited: BTreeSet<PathBuf>,
    /// Variables of the environment on which the output depends.
    pub variables: BTreeSet<String>,
    /// What the tools had to say.
    pub warnings: Vec<String>,
}
