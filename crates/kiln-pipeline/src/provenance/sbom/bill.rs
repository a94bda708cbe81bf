//! The bill of materials of one package, from its lock files.

use std::path::{Path, PathBuf};

use super::{
    crates::{self, Crates},
    document::{Component, Document, failed},
    packages::{self, NpmPackages},
};
use crate::{
    Error, Result,
    packages::{CargoLock, LockFile, cargo_lock},
    provenance::Package,
};

/// The bill of materials that the application embeds, below `OUT_DIR`.
pub const FILE: &str = "kiln_sbom.json";

/// The bill of the package in `root`, and its input files.
///
/// # Errors
/// When `cargo tree` fails, or a lock file cannot be read.
pub fn bill(root: &Path, package: &Package) -> Result<(String, Vec<PathBuf>)> {
    let lock = cargo_lock(root).ok_or_else(|| Error::Tree {
        path: "Cargo.lock".into(),
        problem: "file not found beside Cargo.toml or in a parent folder".to_owned(),
        help: "run `cargo generate-lockfile`".to_owned(),
    })?;
    let crates = crates::of(root, package, CargoLock::read(&lock)?)?;
    let mut read = vec![lock];
    let mut npm = NpmPackages::default();
    let lock_file = root.join("package-lock.json");
    if lock_file.is_file() {
        npm = packages::of(&LockFile::read(&lock_file)?);
        read.push(lock_file);
    }
    let text = serde_json::to_string(&document(crates, npm)).map_err(|error| failed(&error))?;
    Ok((text, read))
}

fn document(crates: Crates, npm: NpmPackages) -> Document {
    let mut components: Vec<Component> = crates.components.into_iter().chain(npm.components).collect();
    components.sort_by(|one, other| one.reference.cmp(&other.reference));
    let mut dependencies = crates.dependencies;
    let subject = dependencies.entry(crates.subject.reference.clone()).or_default();
    subject.extend(npm.direct);
    dependencies.extend(npm.dependencies);
    Document::new(crates.subject, components, dependencies)
}
