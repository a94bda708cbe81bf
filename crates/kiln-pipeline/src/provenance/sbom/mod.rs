//! A bill of materials in CycloneDX: the crates and npm packages of an executable.
//!
//! `crates` runs `cargo tree`, `packages` reads the lock file of npm, `document` is the format. Components of the build
//! that are not part of the executable (build scripts, macros, compilers) have the scope `excluded`. The bill is a
//! function of the lock files, the features and the target, without a time stamp and a serial number.

mod bill;
mod crates;
mod document;
mod licence;
mod packages;

pub use self::bill::{SBOM_FILE, bill};
