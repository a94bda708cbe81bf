//! The build lifecycle as a library: turns `assets/` into the files that an application embeds, and ends before the
//! application starts.
//!
//! Applications call it through `kiln-build`, from their build script; the developer's tool builds repeatedly in a
//! [`Session`].
//!
//! ```no_run
//! use kiln_pipeline::{Config, Session};
//! use kiln_manifest::Mode;
//!
//! # fn main() -> kiln_pipeline::Result<()> {
//! let config = Config::new(".".into(), "target/front-end".into(), Mode::Release)?;
//! let report = Session::new(config).build()?;
//! println!("{} assets", report.manifest.assets.len());
//! # Ok(())
//! # }
//! ```
//!
//! Data passes through the stages in this order: `source` discovers sources, `compile` translates each for browsers,
//! `link` resolves references and hashes, `restrict` writes the policies of pages, `compress` adds coded variants, and `emit` writes the folder and the table
//! behind `asset!`.
//!
//! The feature `toolchain`, on by default, holds all languages and codings. Without it, pages are linked, and finished
//! files of other tools are compressed with brotli and embedded as they are; neither a bundler nor a script engine is
//! compiled.

pub mod error;

mod text;

mod glob;

pub mod config;

mod atomic_write;

mod file_lock;

mod executable;

mod file_digest;

mod parallel;

mod cache;

mod tracked;

mod packages;

mod step;

mod migration;

mod source;

mod reference;

mod compile;

mod link;

mod restrict;

mod compress;

mod report;

mod budget;

mod emit;

mod provenance;

mod session;

pub use atomic_write::replace;
pub use config::{Config, FOLDER, Options};
pub use error::{Error, Result};
pub use packages::cargo_lock;
pub use provenance::{PROVENANCE_FILE, Package, SBOM_FILE, bill};
pub use report::Report;
pub use session::{Session, build};
pub use source::INPUTS;
pub use step::{Supervisor, supervise};
