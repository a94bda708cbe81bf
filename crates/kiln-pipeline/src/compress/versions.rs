//! Versions of the compressors, for the cache keys of variants.

use std::path::Path;

use crate::{Result, executable::identity, packages::CargoLock};

/// The versions of the crates that are compiled into this executable.
#[derive(Debug)]
pub(super) enum Versions {
    /// The versions in the lock file by which the executable was compiled.
    Locked(CargoLock),
    /// The identity of the executable, when no lock file is known.
    Executable(String),
}

impl Versions {
    /// The versions in the lock file at `lock_file`, or else the identity of this executable.
    ///
    /// # Errors
    /// When the lock file cannot be read, or the system does not name the executable.
    pub(super) fn of(lock_file: Option<&Path>) -> Result<Self> {
        match lock_file {
            Some(file) => CargoLock::read(file).map(Self::Locked),
            None => identity().map(Self::Executable),
        }
    }

    /// The version of a crate, as a part of a key.
    pub(super) fn of_crate(&self, name: &str) -> String {
        match self {
            Self::Locked(lock) => lock.versions(name).join(", "),
            Self::Executable(identity) => identity.clone(),
        }
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
        let executable = Versions::of(None).expect("versions").of_crate("brotli");
        assert!(executable.contains(" bytes, "), "{executable}");
        assert!(Versions::of(Some(folder.path())).is_err());
    }
}
