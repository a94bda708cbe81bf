//! The bill of materials of one package, from its lock files.

use std::path::{Path, PathBuf};

use super::{
    crates::{self, Crates},
    document::{Document, failed},
    packages::{self, NpmPackages},
};
use crate::{
    Error, Result,
    packages::{CargoLock, PackageLock, cargo_lock},
    provenance::Package,
};

/// The bill of materials that the application embeds, below `OUT_DIR`.
pub const SBOM_FILE: &str = "kiln_sbom.json";

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
    if let Some(lock) = PackageLock::of(root)? {
        npm = packages::of(&lock)?;
        read.push(lock.path());
    }
    let text = serde_json::to_string(&document(crates, npm)).map_err(|error| failed(&error))?;
    Ok((text, read))
}

fn document(crates: Crates, npm: NpmPackages) -> Document {
    let Crates { subject, mut components, mut dependencies } = crates;
    components.extend(npm.components);
    components.sort_by(|one, other| one.reference.cmp(&other.reference));
    dependencies.entry(subject.reference.clone()).or_default().extend(npm.direct);
    dependencies.extend(npm.dependencies);
    Document::new(subject, components, dependencies)
}
