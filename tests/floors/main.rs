//! The structure of the workspace, read from its sources without running any of them: files form no circle, a folder's
//! files use only what stands above them, a type name means one thing, and crates depend on each other in one direction.

mod attribute;
mod names;
mod reader;
mod tree;

mod resolve;

mod graph;

mod circle;
mod crates;
mod floor;
mod state;
mod type_names;

/// Packages whose files form no circle and whose type names are declared once, as folders of the workspace.
const CHECKED: &[&str] = &[
    ".",
    "crates/cargo-kiln",
    "crates/kiln",
    "crates/kiln-build",
    "crates/kiln-manifest",
    "crates/kiln-pipeline",
    "crates/kiln-testing",
];

/// Fails with the messages of a check, if it has any.
#[track_caller]
fn assert_none(failures: impl Iterator<Item = String>) {
    let failures: Vec<_> = failures.collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

/// First name in backquotes of each message.
fn quoted_names(failures: &[String]) -> Vec<&str> {
    failures.iter().filter_map(|failure| failure.split('`').nth(1)).collect()
}
