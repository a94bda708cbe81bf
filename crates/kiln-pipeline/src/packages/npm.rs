//! npm, as a downloader: `npm ci` runs when the installed packages differ from the lock file. No Node.js process
//! compiles.

use std::{
    fs::File,
    path::Path,
    process::{Command, Stdio},
};

use super::lock_file::LockFile;
use crate::{Error, Result};

/// Installs the packages of the `package.json` in `folder`, if it exists, unless they are installed.
///
/// # Errors
/// When the lock file is missing or invalid, or npm is missing or fails.
pub(crate) fn install(folder: &Path) -> Result<()> {
    let lock_path = folder.join("package-lock.json");
    if !folder.join("package.json").is_file() {
        return Ok(());
    }
    if !lock_path.is_file() {
        return Err(Error::Tree {
            path: "package-lock.json".into(),
            problem: "file not found beside package.json".to_owned(),
            help: "run `npm install`, and commit the file that it writes".to_owned(),
        });
    }
    let lock_file = File::open(&lock_path).map_err(Error::io("read", &lock_path))?;
    // A lock against a second build that installs into the same folder; dropping the handle releases it.
    lock_file.lock().map_err(Error::io("lock", &lock_path))?;
    let wanted = LockFile::read(&lock_path)?;
    if is_installed(&wanted, folder) { Ok(()) } else { clean_install(folder) }
}

fn is_installed(wanted: &LockFile, root: &Path) -> bool {
    let installed = LockFile::read(&root.join("node_modules/.package-lock.json")).unwrap_or_default();
    let has_all = wanted.packages.iter().filter(|(name, _)| !name.is_empty()).all(|(name, package)| {
        installed.packages.get(name).map_or(package.optional, |present| {
            present.version == package.version && present.integrity == package.integrity
        })
    });
    has_all && installed.packages.keys().all(|name| wanted.packages.contains_key(name))
}

fn clean_install(root: &Path) -> Result<()> {
    let output = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"])
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| Error::Npm { problem: format!("could not be started: {cause}") })?;
    if output.status.success() {
        return Ok(());
    }
    let stderr = String::from_utf8_lossy(&output.stderr);
    Err(Error::Npm { problem: format!("failed with {}:\n{}", output.status, stderr.trim()) })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const WANTED: &str = r#"{"packages": {
        "": {"version": "1.0.0"},
        "node_modules/a": {"version": "1.0.0", "integrity": "sha512-a", "license": [{"type": "MIT"}]},
        "node_modules/b": {"version": "2.0.0", "integrity": "sha512-b", "optional": true}}}"#;

    #[test]
    fn packages_are_installed_only_when_they_match_the_lock_file() {
        let wanted: LockFile = serde_json::from_str(WANTED).expect("lock file");
        for (installed, expected) in [
            (r#"{"packages": {"node_modules/a": {"version": "1.0.0", "integrity": "sha512-a"}}}"#, true),
            (r#"{"packages": {"node_modules/a": {"version": "1.0.0", "integrity": "sha512-x"}}}"#, false),
            (r#"{"packages": {}}"#, false),
            (
                r#"{"packages": {"node_modules/a": {"version": "1.0.0", "integrity": "sha512-a"},
                    "node_modules/c": {"version": "1.0.0"}}}"#,
                false,
            ),
            ("{", false),
        ] {
            let root = tempfile::tempdir().expect("folder");
            fs::create_dir(root.path().join("node_modules")).expect("folder");
            fs::write(root.path().join("node_modules/.package-lock.json"), installed).expect("write");
            assert_eq!(is_installed(&wanted, root.path()), expected, "{installed}");
        }
    }
}
