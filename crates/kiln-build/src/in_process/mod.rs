//! The pipeline in the process of the build script, or of the engine.

mod missing_inputs;

mod watched;

mod directives;

mod build;

pub use build::{build_script, engine_script};
