//! The version of the installed Tailwind, which has to match that of the scanner.

use std::{fs, path::Path};

use serde::Deserialize;

/// The minor release of Tailwind with whose scanner this one was compared.
const COMPARED: &str = "4.3";

#[derive(Deserialize)]
struct InstalledPackage {
    version: String,
}

/// A warning about another minor release of Tailwind than [`COMPARED`], by its `package.json`.
pub(in crate::compile::tailwind) fn check_version(file: &Path) -> Option<String> {
    let package: InstalledPackage = serde_json::from_slice(&fs::read(file).ok()?).ok()?;
    let version = package.version;
    let is_compared = version.strip_prefix(COMPARED).is_some_and(|rest| rest.starts_with('.'));
    (!is_compared).then(|| {
        format!(
            "tailwindcss {version} is outside the tested range ({COMPARED}.x): classes may be missed, or found \
             needlessly; install tailwindcss@{COMPARED}, or compare the style sheet with that of Tailwind's command line"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_minor_release_is_a_warning() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("package.json");
        for (version, is_other) in
            [("4.3.0", false), ("4.3.12", false), ("4.30.0", true), ("4.4.0-beta.1", true), ("4.2.9", true)]
        {
            fs::write(&file, format!("{{\"name\": \"tailwindcss\", \"version\": \"{version}\"}}"))
                .expect("write");
            let warning = check_version(&file);
            assert_eq!(warning.is_some(), is_other, "{version}: {warning:?}");
            assert!(warning.is_none_or(|warning| warning.contains(version)));
        }
        assert_eq!(check_version(folder.path()), None, "an unreadable package");
    }
}
