//! Versions of the compressors, for the cache keys of variants.

use std::path::Path;

use crate::{Result, executable::identity, packages::CargoLock};

/// The versions of the crates that are compiled into this executable.
#[derive(Debug)]
pub(super) struct Versions {
    /// The lock file by which the executable was compiled; empty where it is not known.
    lock: CargoLock,
    /// The identity of the executable, for crates that the lock file does not have.
    executable: String,
}

impl Versions {
    /// The versions in the lock file at `lock_file`, and the identity of this executable.
    ///
    /// # Errors
    /// When the lock file cannot be read, or the system does not name the executable.
    pub(super) fn of(lock_file: Option<&Path>) -> Result<Self> {
        let lock = lock_file.map_or_else(|| Ok(CargoLock::default()), CargoLock::read)?;
        Ok(Self { lock, executable: identity()? })
    }

    /// The version of a crate, as a part of a key.
    pub(super) fn of_crate(&self, name: &str) -> String {
        let versions = self.lock.versions(name);
        if versions.is_empty() { self.executable.clone() } else { versions.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_that_of_the_lock_file_or_of_the_executable() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("Cargo.lock");
        let package = |name, version| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
        std::fs::write(&file, package("brotli", "9.1.1") + &package("zstd", "1.0.0")).expect("write");
        assert_eq!(Versions::of(Some(&file)).expect("versions").of_crate("brotli"), "9.1.1");
        for (lock_file, name) in [(None, "brotli"), (Some(file.as_path()), "libdeflate-sys")] {
            let executable = Versions::of(lock_file).expect("versions").of_crate(name);
            assert!(executable.contains(" bytes, "), "{executable}");
        }
        assert!(Versions::of(Some(folder.path())).is_err());
    }
}
