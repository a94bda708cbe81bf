//! `Cargo.lock`: the crates of an executable.

use std::{fs, path::Path};

use serde::Deserialize;

use crate::{Error, Result};

/// The crates of a `Cargo.lock`.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct CargoLock {
    #[serde(default)]
    pub(crate) package: Vec<LockedCrate>,
}

/// One crate of a `Cargo.lock`.
#[derive(Debug, Deserialize)]
pub(crate) struct LockedCrate {
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) source: Option<String>,
    /// The SHA-256 digest, in hexadecimal.
    pub(crate) checksum: Option<String>,
}

impl CargoLock {
    /// Reads the lock file at `path`.
    ///
    /// # Errors
    /// When it cannot be read or parsed.
    pub(crate) fn read(path: &Path) -> Result<Self> {
        let content = fs::read_to_string(path).map_err(Error::io("read", path))?;
        Self::parse(&content)
    }

    pub(crate) fn parse(content: &str) -> Result<Self> {
        toml::from_str(content).map_err(|error| Error::Tree {
            path: "Cargo.lock".into(),
            problem: format!("invalid lock file of cargo: {}", error.message()),
            help: "run `cargo generate-lockfile`".to_owned(),
        })
    }

    /// The versions of the crate `name`, in the order of the file.
    pub(crate) fn versions(&self, name: &str) -> Vec<&str> {
        let named = self.package.iter().filter(|package| package.name == name);
        named.map(|package| package.version.as_str()).collect()
    }
}
