//! What an executable was made from, beside its assets.

use serde::Serialize;

/// The variable of the environment by which a release says from which commit it is built.
pub const COMMIT_VARIABLE: &str = "KILN_COMMIT";

/// What the build script knew of the build. `kiln-build` writes it as an expression for the application to include:
///
/// ```ignore
/// const PROVENANCE: kiln::manifest::Provenance = include!(concat!(env!("OUT_DIR"), "/kiln_provenance.rs"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// Of the package.
    pub name: &'static str,
    /// Of the package.
    pub version: &'static str,
    /// What [`COMMIT_VARIABLE`] said. A build script never asks for it by itself: a commit that changes nothing
    /// would compile the package anew.
    pub commit: Option<&'static str>,
    /// The compiler, as it says itself: `rustc 1.95.0 (59807616e 2026-04-14)`.
    pub rustc: &'static str,
    /// What it was compiled for: `x86_64-unknown-linux-gnu`.
    pub target: &'static str,
    /// The features of the package that are on, sorted.
    pub features: &'static [&'static str],
}
