//! `Cargo.lock`: the crates of an executable.

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use crate::{Error, Result};

/// The `Cargo.lock` of the package in `root`, beside the `Cargo.toml` of its workspace. Cargo ignores a lock file in a
/// member: the versions in such a leftover are not those of the build.
#[must_use]
pub fn cargo_lock(root: &Path) -> Option<PathBuf> {
    let workspace = root.ancestors().find(|folder| is_workspace_of(folder, root)).unwrap_or(root);
    Some(workspace.join("Cargo.lock")).filter(|lock| lock.is_file())
}

/// Whether `folder` is the root of the workspace of `package`, by cargo's rule: the nearest `Cargo.toml` with
/// `[workspace]` counts, unless it excludes the package and does not list it as a member.
fn is_workspace_of(folder: &Path, package: &Path) -> bool {
    let content = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let workspace = toml::from_str(&content).ok().and_then(|file: WorkspaceToml| file.workspace);
    let lists = |names: &[String]| names.iter().any(|name| package.starts_with(folder.join(name)));
    workspace.is_some_and(|workspace| !lists(&workspace.exclude) || lists(&workspace.members))
}

#[derive(Deserialize)]
struct WorkspaceToml {
    workspace: Option<Workspace>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Workspace {
    members: Vec<String>,
    exclude: Vec<String>,
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_of_a_package_is_that_of_its_workspace() {
        let folder = tempfile::tempdir().expect("folder");
        let lock = |name: &str| folder.path().join(name).join("Cargo.lock");
        for (name, content) in [
            ("", "[workspace]\nmembers = ['a', 'out/b']\nexclude = ['out']\n"),
            ("a", "[package]\n"),
            ("out/b", "[package]\n"),
            ("out/c", "[package]\n"),
            ("out/d", "[package]\n[workspace]\n"),
        ] {
            fs::create_dir_all(folder.path().join(name)).expect("folder");
            fs::write(folder.path().join(name).join("Cargo.toml"), content).expect("write");
            fs::write(lock(name), "").expect("write");
        }
        for (package, expected) in
            [("", ""), ("a", ""), ("out/b", ""), ("out/c", "out/c"), ("out/d", "out/d")]
        {
            assert_eq!(cargo_lock(&folder.path().join(package)), Some(lock(expected)), "{package}");
        }
        fs::remove_file(lock("")).expect("remove");
        assert_eq!(cargo_lock(&folder.path().join("a")), None);
    }
}
