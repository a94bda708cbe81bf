//! Directives for cargo, the only lines that a build script prints.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

use kiln_pipeline::Report;

/// The directives after a build. `missing_inputs` is the folder of links to inputs that do not exist.
pub(crate) fn directives(report: &Report, missing_inputs: Option<&Path>) -> String {
    let mut text = String::new();
    for path in report.watched.iter().map(PathBuf::as_path).chain(missing_inputs) {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "cargo::rerun-if-changed={}", path.display());
    }
    for name in &report.variables {
        let _ = writeln!(text, "cargo::rerun-if-env-changed={name}");
    }
    for line in report.warnings.iter().flat_map(|warning| warning.lines()) {
        let _ = writeln!(text, "cargo::warning={line}");
    }
    text
}
