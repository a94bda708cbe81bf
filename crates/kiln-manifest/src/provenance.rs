//! Origin of an executable, beside its assets: package, commit, compiler.

use serde::Serialize;

/// Variable of the environment that names the commit of a release.
pub const COMMIT_VARIABLE: &str = "KILN_COMMIT";

/// The build as the build script knew it. `kiln-build` writes it as an expression, which `kiln::embed!` includes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// Name of the package.
    pub name: &'static str,
    /// Version of the package.
    pub version: &'static str,
    /// Value of [`COMMIT_VARIABLE`]. The build script never asks git: a commit that changes nothing would compile the
    /// package anew.
    pub commit: Option<&'static str>,
    /// Version of the compiler: `rustc 1.95.0 (59807616e 2026-04-14)`.
    pub rustc: &'static str,
    /// Target of the compiler: `x86_64-unknown-linux-gnu`.
    pub target: &'static str,
    /// The features of the package that are on, sorted.
    pub features: &'static [&'static str],
}
