//! The build script of a Kiln application: cargo's environment in, directives out.
//!
//! A package that embeds its front end has this in its `build.rs`:
//!
//! ```no_run
//! fn main() -> kiln_build::Outcome {
//!     kiln_build::build_script()
//! }
//! ```
//!
//! The feature `toolchain`, on by default, compiles the pipeline with all languages and codings: TypeScript, CSS, Sass
//! and Tailwind; brotli, Zstandard and gzip. Without it, pages are linked, and finished files of other tools are
//! compressed with brotli and embedded as they are.

mod missing_inputs;

mod watched;

mod directives;

mod build_script;

pub use build_script::{Outcome, build_script};
