//! `pnpm-lock.yaml`, and pnpm's copy of it beside the installed packages.

use std::{fs, path::Path};

use super::{declared::Declared, yaml};

/// The first version of the file that holds a specifier with each dependency.
const FIRST_WITH_SPECIFIERS: u32 = 6;

/// The dependencies that the lock file holds for a member; `None` for a lock file of pnpm 7 and before.
pub(super) fn declared(lock: &str, member: &str) -> Option<Declared> {
    let lock = packages_document(lock);
    let version = yaml::value(lock, "lockfileVersion")?;
    if version.split('.').next()?.parse::<u32>().ok()? < FIRST_WITH_SPECIFIERS {
        return None;
    }
    let (mut found, mut key) = (Declared::default(), "");
    for line in importer(lock, if member.is_empty() { "." } else { member }) {
        let line = line.trim();
        if let Some(name) = line.strip_suffix(':') {
            key = yaml::scalar(name);
        } else if let Some(range) = line.strip_prefix("specifier: ") {
            found.insert(key, yaml::scalar(range));
        }
    }
    Some(found)
}

/// The lines of a member. A lock file of a single package may hold them at its top.
fn importer<'a>(lock: &'a str, member: &'a str) -> Box<dyn Iterator<Item = &'a str> + 'a> {
    let mut lines = lock.lines();
    if !lock.lines().any(|line| line == "importers:") {
        return Box::new(lines.take_while(|line| *line != "packages:"));
    }
    let is_member = |line: &str| line.strip_suffix(':').is_some_and(|name| yaml::scalar(name) == member);
    lines.find(|line| yaml::indentation(line) == 2 && is_member(line));
    Box::new(lines.take_while(|line| line.is_empty() || yaml::indentation(line) > 2))
}

/// Packages of a registry: name, version and digest.
pub(super) fn packages(lock: &str) -> impl Iterator<Item = (&str, &str, Option<&str>)> {
    let lines = packages_document(lock).lines().skip_while(|line| *line != "packages:").skip(1);
    let mut lines = lines.take_while(|line| line.is_empty() || line.starts_with(' ')).peekable();
    std::iter::from_fn(move || {
        loop {
            let line = lines.next()?;
            let key = line.trim().strip_suffix(':').filter(|_| yaml::indentation(line) == 2);
            let key = key.map(|key| yaml::scalar(key).trim_start_matches('/'));
            // pnpm 8 writes peers in parentheses behind the version.
            let Some((name, version)) = key.and_then(|key| key.split('(').next()?.rsplit_once('@')) else {
                continue;
            };
            if version.starts_with(|first: char| first.is_ascii_digit()) {
                let integrity = lines.peek().and_then(|next| next.split_once("integrity: "));
                return Some((
                    name,
                    version,
                    integrity.and_then(|(_, digest)| digest.split([',', '}']).next()),
                ));
            }
        }
    })
}

/// Whether pnpm has installed all packages of the lock file below `folder`.
pub(super) fn is_installed(lock: &str, folder: &Path) -> bool {
    let read = |name| fs::read_to_string(folder.join("node_modules").join(name)).ok();
    let (Some(record), Some(installed)) = (read(".modules.yaml"), read(".pnpm/lock.yaml")) else {
        return false;
    };
    let record = record.replace('"', "");
    let is_complete = !["devDependencies: false", "optionalDependencies: false"]
        .into_iter()
        .any(|omitted| record.contains(omitted));
    is_complete && packages_document(lock) == packages_document(&installed)
}

/// The last document of the file: pnpm may write one about itself before it.
fn packages_document(lock: &str) -> &str {
    lock.rsplit("\n---\n").next().unwrap_or(lock).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_have_version_and_digest() {
        let lock = "lockfileVersion: '9.0'\n\npackages:\n\n  '@s/b@2.0.0':\n    resolution: {integrity: sha512-b}\n    engines: {node: '>=6'}\n\n  own@file:own:\n    resolution: {directory: own, type: directory}\n\n  a@1.0.0:\n    resolution: {integrity: sha512-a, tarball: x}\n\nsnapshots:\n\n  c@1.0.0: {}\n";
        let found: Vec<_> = packages(lock).collect();
        assert_eq!(found, [("@s/b", "2.0.0", Some("sha512-b")), ("a", "1.0.0", Some("sha512-a"))]);
    }

    #[test]
    fn dependencies_of_a_member_stand_in_its_importer() {
        let workspace = "lockfileVersion: '9.0'\n\nimporters:\n\n  .:\n    dependencies:\n      a:\n        specifier: ^1\n        version: 1.0.0\n\n  'web/x':\n    devDependencies:\n      '@s/b':\n        specifier: '>=2'\n        version: 2.0.0\n\npackages:\n\n  c@1.0.0:\n";
        let found = |lock: &str, member: &str| declared(lock, member).map(Declared::into_pairs);
        let pair = |name: &str, range: &str| Some(vec![(name.to_owned(), range.to_owned())]);
        assert_eq!(found(workspace, ""), pair("a", "^1"));
        assert_eq!(found(workspace, "web/x"), pair("@s/b", ">=2"));
        assert_eq!(found(workspace, "docs"), Some(Vec::new()));
        let single = "lockfileVersion: '6.0'\n\ndependencies:\n  a:\n    specifier: ^1\n    version: 1.0.0\n\npackages:\n";
        assert_eq!(found(single, ""), pair("a", "^1"));
        assert_eq!(found("lockfileVersion: 5.4\n\nspecifiers:\n  a: ^1\n", ""), None);
    }
}
