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
