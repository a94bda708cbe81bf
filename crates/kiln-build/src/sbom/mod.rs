//! A bill of materials in CycloneDX: the crates and npm packages from which an executable is made.
//!
//! `crates` asks cargo, `packages` reads the lock file of npm, `document` is the form that it is written in. What
//! takes part in a build and does not end up in the executable (build scripts, macros, compilers) is listed as
//! `excluded`. The bill is a function of the lock files, the features and the target: it has no time and no number
//! of its own.

mod crates;
mod document;
mod licence;
mod packages;

use std::{
    fmt, fs,
    path::{Path, PathBuf},
};

use self::document::{Component, Document};
use crate::{Error, Result, provenance::Package};

/// What the application embeds, below `OUT_DIR`.
pub(crate) const FILE: &str = "kiln_sbom.json";

/// The bill of the package in `root`, and the files that it depends on.
///
/// # Errors
/// When cargo does not tell the crates, or a lock file cannot be read.
pub(crate) fn bill(root: &Path, package: &Package) -> Result<(String, Vec<PathBuf>)> {
    let lock = root.ancestors().map(|folder| folder.join("Cargo.lock")).find(|lock| lock.is_file());
    let lock = lock.ok_or_else(|| Error::Tree {
        path: "Cargo.lock".into(),
        problem: "not there, neither beside Cargo.toml nor above".to_owned(),
        mend: "run `cargo generate-lockfile`".to_owned(),
    })?;
    let text = fs::read_to_string(&lock).map_err(Error::io("read", &lock))?;
    let crates = crates::of(root, package, &text)?;
    let mut read = vec![lock];
    let mut npm = packages::Packages::default();
    let packages = root.join("package-lock.json");
    if packages.is_file() {
        npm = packages::of(&fs::read_to_string(&packages).map_err(Error::io("read", &packages))?)?;
        read.push(packages);
    }
    let text = serde_json::to_string(&document(crates, npm)).map_err(|error| failed(&error))?;
    Ok((text, read))
}

fn document(crates: crates::Crates, npm: packages::Packages) -> Document {
    let mut components: Vec<Component> = crates.components.into_iter().chain(npm.components).collect();
    components.sort_by(|one, other| one.reference.cmp(&other.reference));
    let mut dependencies = crates.dependencies;
    let subject = dependencies.entry(crates.subject.reference.clone()).or_default();
    subject.extend(npm.direct);
    dependencies.extend(npm.dependencies);
    Document::new(crates.subject, components, dependencies)
}

fn failed(problem: &dyn fmt::Display) -> Error {
    Error::Tool { tool: "the bill of materials", problem: problem.to_string(), mend: None }
}
