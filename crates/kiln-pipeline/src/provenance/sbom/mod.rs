//! A bill of materials in CycloneDX: the crates and npm packages from which an executable is made.
//!
//! `crates` asks cargo, `packages` reads the lock file of npm, `document` is the form that it is written in. What
//! takes part in a build and does not end up in the executable (build scripts, macros, compilers) is listed as
//! `excluded`. The bill is a function of the lock files, the features and the target: it has no time and no number
//! of its own.

mod bill;
mod crates;
mod document;
mod licence;
mod packages;

pub use self::bill::{FILE as SBOM_FILE, bill};
