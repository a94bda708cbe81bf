//! The npm packages of a lock file.

use std::collections::{BTreeMap, BTreeSet};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{
    document::{Component, ComponentKind, Hash, Scope},
    licence::licences,
};
use crate::{
    Result,
    packages::{LockFile, LockedPackage, PackageLock, locked_packages},
};

/// npm packages, and their dependencies.
#[derive(Default)]
pub(super) struct NpmPackages {
    pub(super) components: Vec<Component>,
    /// Dependencies, by reference.
    pub(super) dependencies: BTreeMap<String, BTreeSet<String>>,
    /// Direct dependencies of the package.
    pub(super) direct: BTreeSet<String>,
}

/// The packages of a lock file.
///
/// # Errors
/// When it cannot be read.
pub(super) fn of(lock: &PackageLock) -> Result<NpmPackages> {
    Ok(of_member(&locked_packages(lock)?, &lock.member))
}

/// The packages of npm's lock file, with the direct dependencies of the package in the folder `member`.
fn of_member(lock: &LockFile, member: &str) -> NpmPackages {
    let installed: BTreeMap<&str, Component> = lock
        .packages
        .iter()
        .filter(|(folder, package)| !folder.is_empty() && !package.link)
        .filter_map(|(folder, package)| Some((folder.as_str(), component(folder, package)?)))
        .collect();
    let mut packages = NpmPackages::default();
    for (folder, package) in &lock.packages {
        let needed = package.needed().filter_map(|name| installed.get(lock.resolve(folder, name)?.as_str()));
        let needed: BTreeSet<String> = needed.map(|component| component.reference.clone()).collect();
        match installed.get(folder.as_str()) {
            Some(component) => {
                packages.dependencies.entry(component.reference.clone()).or_default().extend(needed);
            }
            None if folder == member => packages.direct = needed,
            None => {}
        }
    }
    let by_reference: BTreeMap<String, Component> =
        installed.into_values().map(|component| (component.reference.clone(), component)).collect();
    packages.components = by_reference.into_values().collect();
    packages
}

/// The component of a package; `None` for a local package, which has no version.
fn component(folder: &str, package: &LockedPackage) -> Option<Component> {
    let version = package.version.clone()?;
    let (_, last) = folder.rsplit_once("node_modules/")?;
    let name = package.name.as_deref().unwrap_or(last);
    let (group, name) = match name.split_once('/') {
        Some((group, name)) => (Some(group), name),
        None => (None, name),
    };
    let scope = group.map(|group| format!("{}/", group.replace('@', "%40"))).unwrap_or_default();
    let purl = format!("pkg:npm/{scope}{name}@{}", version.replace('+', "%2B"));
    Some(Component {
        kind: ComponentKind::Library,
        reference: purl.clone(),
        group: group.map(str::to_owned),
        name: name.to_owned(),
        version,
        scope: Some(if package.dev { Scope::Excluded } else { Scope::Required }),
        hashes: package.integrity.as_deref().map(hashes).unwrap_or_default(),
        licenses: package.license.as_ref().and_then(Value::as_str).map(licences).unwrap_or_default(),
        purl,
    })
}

/// The hashes in subresource integrity metadata: algorithm, dash, digest in base 64, separated by spaces.
fn hashes(integrity: &str) -> Vec<Hash> {
    let parts = integrity.split_whitespace().filter_map(|one| one.split_once('-'));
    let known = parts.filter_map(|(algorithm, digest)| {
        let alg = match algorithm {
            "sha1" => "SHA-1",
            "sha256" => "SHA-256",
            "sha384" => "SHA-384",
            "sha512" => "SHA-512",
            _ => return None,
        };
        Some(Hash { alg, content: hex::encode(STANDARD.decode(digest).ok()?) })
    });
    known.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = r#"{"packages": {
        "": {"name": "app", "dependencies": {"a": "^1", "@s/b": "^2"}, "devDependencies": {"d": "1"}},
        "node_modules/a": {"version": "1.0.0", "integrity": "sha512-AP8=", "license": "MIT",
            "dependencies": {"c": "^1"}},
        "node_modules/a/node_modules/c": {"version": "1.5.0", "dependencies": {"@s/b": "2"}},
        "node_modules/@s/b": {"version": "2.0.0", "dependencies": {"c": "^2"}},
        "node_modules/c": {"version": "2.0.0", "optionalDependencies": {"absent": "*"}},
        "node_modules/d": {"version": "1.0.0", "dev": true},
        "node_modules/own": {"resolved": "packages/own", "link": true},
        "packages/own": {"version": "0.1.0"}}}"#;

    #[test]
    fn packages_have_name_version_hash_and_licence() {
        let packages = of_member(&serde_json::from_str(LOCK).expect("a lock file"), "");
        let urls: Vec<_> = packages.components.iter().map(|one| (one.purl.as_str(), one.scope)).collect();
        assert_eq!(
            urls,
            [
                ("pkg:npm/%40s/b@2.0.0", Some(Scope::Required)),
                ("pkg:npm/a@1.0.0", Some(Scope::Required)),
                ("pkg:npm/c@1.5.0", Some(Scope::Required)),
                ("pkg:npm/c@2.0.0", Some(Scope::Required)),
                ("pkg:npm/d@1.0.0", Some(Scope::Excluded)),
            ]
        );
        let a = &packages.components[1];
        assert_eq!(a.hashes, [Hash { alg: "SHA-512", content: "00ff".to_owned() }]);
        assert_eq!(a.licenses, licences("MIT"));
        let b = &packages.components[0];
        assert_eq!((b.group.as_deref(), b.name.as_str()), (Some("@s"), "b"));
    }

    #[test]
    fn packages_of_every_manager_are_listed() {
        for (name, content) in [
            (
                "pnpm-lock.yaml",
                "lockfileVersion: '9.0'\n\npackages:\n\n  '@s/b@2.0.0':\n    resolution: {integrity: sha512-AP8=}\n",
            ),
            (
                "yarn.lock",
                "\"@s/b@^2\":\n  version \"2.0.0\"\n  resolved \"https://r.test/b.tgz\"\n  integrity sha512-AP8=\n",
            ),
            ("bun.lock", "{\"packages\": {\"@s/b\": [\"@s/b@2.0.0\", \"\", {}, \"sha512-AP8=\"],}}"),
        ] {
            let folder = tempfile::tempdir().expect("folder");
            std::fs::write(folder.path().join(name), content).expect("write");
            let lock = PackageLock::of(folder.path()).expect("a search").expect("a lock file");
            let packages = of(&lock).expect("packages");
            let found: Vec<_> =
                packages.components.iter().map(|one| (one.purl.as_str(), one.hashes.as_slice())).collect();
            let hash = Hash { alg: "SHA-512", content: "00ff".to_owned() };
            assert_eq!(found, [("pkg:npm/%40s/b@2.0.0", [hash].as_slice())], "{name}");
        }
    }

    #[test]
    fn a_dependency_resolves_to_the_nearest_package_of_its_name() {
        let packages = of_member(&serde_json::from_str(LOCK).expect("a lock file"), "");
        let of =
            |reference: &str| packages.dependencies[reference].iter().map(String::as_str).collect::<Vec<_>>();
        assert_eq!(of("pkg:npm/a@1.0.0"), ["pkg:npm/c@1.5.0"]);
        assert_eq!(of("pkg:npm/c@1.5.0"), ["pkg:npm/%40s/b@2.0.0"]);
        assert_eq!(of("pkg:npm/%40s/b@2.0.0"), ["pkg:npm/c@2.0.0"]);
        assert_eq!(of("pkg:npm/c@2.0.0"), [""; 0]);
        let direct: Vec<_> = packages.direct.iter().map(String::as_str).collect();
        assert_eq!(direct, ["pkg:npm/%40s/b@2.0.0", "pkg:npm/a@1.0.0", "pkg:npm/d@1.0.0"]);
    }
}
