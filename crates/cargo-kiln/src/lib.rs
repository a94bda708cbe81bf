//! `cargo kiln`: the developer's side of the build lifecycle, in a process of its own.
//!
//! The tool shares nothing with a running server but the output folder, so that either can end at any moment
//! without the other noticing.

pub mod dev;
pub mod engine;
pub mod new;
mod package;
pub mod report;
