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
//! Features say where the pipeline runs. The output is the same.
//!
//! | feature | the pipeline |
//! |---|---|
//! | `toolchain` (default) | is compiled in, with all languages and codings: TypeScript, CSS, Sass and Tailwind; brotli, Zstandard and gzip |
//! | `engine` | is the installed `cargo-kiln` of the same version, as a process that ends before the build script; nothing of it is compiled |
//! | `files` | is compiled in for pages and for finished files of other tools, which are compressed with brotli and embedded as they are |
//!
//! Where several are enabled, as by two packages of a workspace, `toolchain` is used, or else `engine`.
//!
//! The engine is the program that the variable `KILN_ENGINE` names, or else `cargo-kiln` in the `bin` folder of cargo's
//! home, or else on `PATH`.

#[cfg(not(any(feature = "engine", feature = "files")))]
compile_error!("kiln-build needs one of its features `toolchain`, `engine` and `files`");

mod failure;

pub mod protocol;

#[cfg(all(feature = "files", any(feature = "toolchain", not(feature = "engine"))))]
mod in_process;

#[cfg(all(feature = "engine", not(feature = "toolchain")))]
mod engine;

#[cfg(all(feature = "engine", not(feature = "toolchain")))]
pub use engine::build_script;
#[cfg(all(feature = "files", any(feature = "toolchain", not(feature = "engine"))))]
pub use in_process::{build_script, engine_script};

pub use self::failure::{Failure, Outcome};
