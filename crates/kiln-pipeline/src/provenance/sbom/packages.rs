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
    packages::{LockedPackage, PackageGraph, PackageLock, locked_packages},
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
    locked_packages(lock).map(|graph| components(&graph))
}

/// The components of a graph. Packages that stand in several places of a lock file are one component.
fn components(graph: &PackageGraph) -> NpmPackages {
    let by_key: BTreeMap<&str, Component> =
        graph.packages.iter().map(|(key, package)| (key.as_str(), component(package))).collect();
    let reference = |key: &String| by_key.get(key.as_str()).map(|component| component.reference.clone());
    let mut dependencies: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (key, package) in &graph.packages {
        let needs = package.needs.iter().filter_map(reference);
        dependencies.entry(by_key[key.as_str()].reference.clone()).or_default().extend(needs);
    }
    let direct = graph.direct.values().filter_map(reference).collect();
    let mut found: BTreeMap<String, Component> = BTreeMap::new();
    for component in by_key.into_values() {
        let one = found.entry(component.reference.clone()).or_insert_with(|| component.clone());
        if component.scope == Some(Scope::Required) {
            one.scope = component.scope;
        }
    }
    NpmPackages { components: found.into_values().collect(), dependencies, direct }
}

fn component(package: &LockedPackage) -> Component {
    let version = package.version.clone();
    let (group, name) = match package.name.split_once('/') {
        Some((group, name)) => (Some(group), name),
        None => (None, package.name.as_str()),
    };
    let scope = group.map(|group| format!("{}/", group.replace('@', "%40"))).unwrap_or_default();
    let purl = format!("pkg:npm/{scope}{name}@{}", version.replace('+', "%2B"));
    Component {
        kind: ComponentKind::Library,
        reference: purl.clone(),
        group: group.map(str::to_owned),
        name: name.to_owned(),
        version,
        scope: Some(if package.is_development { Scope::Excluded } else { Scope::Required }),
        hashes: package.integrity.as_deref().map(hashes).unwrap_or_default(),
        licenses: package.license.as_ref().and_then(Value::as_str).map(licences).unwrap_or_default(),
        purl,
    }
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

    /// The packages of a lock file beside a `package.json` with the dependency `a` and the dependency of development `d`.
    fn packages(name: &str, content: &str) -> NpmPackages {
        let folder = tempfile::tempdir().expect("folder");
        let package = r#"{"dependencies": {"a": "^1"}, "devDependencies": {"d": "^1"}}"#;
        for (name, content) in [("package.json", package), (name, content)] {
            std::fs::write(folder.path().join(name), content).expect("write");
        }
        of(&PackageLock::of(folder.path()).expect("a search").expect("a lock file")).expect("packages")
    }

    fn names(references: &BTreeSet<String>) -> Vec<&str> {
        references.iter().map(|reference| reference.trim_start_matches("pkg:npm/")).collect()
    }

    #[test]
    fn packages_have_name_version_hash_and_licence() {
        let packages = packages("package-lock.json", LOCK);
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
    fn a_dependency_resolves_to_the_nearest_package_of_its_name() {
        let packages = packages("package-lock.json", LOCK);
        let of = |reference: &str| names(&packages.dependencies[reference]);
        assert_eq!(of("pkg:npm/a@1.0.0"), ["c@1.5.0"]);
        assert_eq!(of("pkg:npm/c@1.5.0"), ["%40s/b@2.0.0"]);
        assert_eq!(of("pkg:npm/%40s/b@2.0.0"), ["c@2.0.0"]);
        assert_eq!(of("pkg:npm/c@2.0.0"), [""; 0]);
        assert_eq!(names(&packages.direct), ["%40s/b@2.0.0", "a@1.0.0", "d@1.0.0"]);
    }

    const PNPM: &str = "lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      a:
        specifier: ^1
        version: 1.0.0(c@2.0.0)
    devDependencies:
      d:
        specifier: ^1
        version: 1.0.0

packages:

  '@s/b@2.0.0':
    resolution: {integrity: sha512-AP8=}

  a@1.0.0:
    resolution: {integrity: sha512-AP8=}
    peerDependencies:
      c: '*'

  c@1.5.0:
    resolution: {integrity: sha512-AP8=}

  c@2.0.0:
    resolution: {integrity: sha512-AP8=}

  d@1.0.0:
    resolution: {integrity: sha512-AP8=}

  own@file:own:
    resolution: {directory: own, type: directory}

snapshots:

  '@s/b@2.0.0':
    optionalDependencies:
      c-two: c@2.0.0

  a@1.0.0(c@2.0.0):
    dependencies:
      '@s/b': 2.0.0
      c: 2.0.0

  c@1.5.0: {}

  c@2.0.0: {}

  d@1.0.0:
    dependencies:
      c: 1.5.0
      own: link:own

  own@file:own: {}
";

    const PNPM_8: &str = "lockfileVersion: '6.0'

dependencies:
  a:
    specifier: ^1
    version: 1.0.0(c@2.0.0)

devDependencies:
  d:
    specifier: ^1
    version: 1.0.0

packages:

  /@s/b@2.0.0:
    resolution: {integrity: sha512-AP8=}
    dependencies:
      c-two: /c@2.0.0
    dev: false

  /a@1.0.0(c@2.0.0):
    resolution: {integrity: sha512-AP8=}
    dependencies:
      '@s/b': 2.0.0
      c: 2.0.0
    dev: false

  /c@1.5.0:
    resolution: {integrity: sha512-AP8=}
    dev: true

  /c@2.0.0:
    resolution: {integrity: sha512-AP8=}
    dev: false

  /d@1.0.0:
    resolution: {integrity: sha512-AP8=}
    dependencies:
      c: 1.5.0
    dev: true
";

    const YARN_CLASSIC: &str = "# yarn lockfile v1


\"@s/b@^2\":
  version \"2.0.0\"
  resolved \"https://r.test/b.tgz#00\"
  integrity sha512-AP8=
  optionalDependencies:
    c-two \"npm:c@^2\"

a@^1:
  version \"1.0.0\"
  resolved \"https://r.test/a.tgz#00\"
  integrity sha512-AP8=
  dependencies:
    \"@s/b\" \"^2\"
    c \"^2\"

c@^1:
  version \"1.5.0\"
  resolved \"https://r.test/c.tgz#00\"
  integrity sha512-AP8=

\"c-two@npm:c@^2\", c@^2:
  version \"2.0.0\"
  resolved \"https://r.test/c.tgz#01\"
  integrity sha512-AP8=

d@^1:
  version \"1.0.0\"
  resolved \"https://r.test/d.tgz#00\"
  integrity sha512-AP8=
  dependencies:
    c \"^1\"
";

    const YARN_BERRY: &str = "__metadata:
  version: 8
  cacheKey: 10c0

\"@s/b@npm:^2\":
  version: 2.0.0
  resolution: \"@s/b@npm:2.0.0\"
  dependencies:
    c-two: \"npm:c@^2\"
  checksum: 10c0/00

\"a@npm:^1\":
  version: 1.0.0
  resolution: \"a@npm:1.0.0\"
  dependencies:
    \"@s/b\": \"npm:^2\"
    c: \"npm:^2\"

\"c-two@npm:c@^2, c@npm:^2\":
  version: 2.0.0
  resolution: \"c@npm:2.0.0\"

\"c@npm:^1\":
  version: 1.5.0
  resolution: \"c@npm:1.5.0\"

\"d@npm:^1\":
  version: 1.0.0
  resolution: \"d@npm:1.0.0\"
  dependencies:
    c: \"npm:^1\"

\"fixture@workspace:.\":
  version: 0.0.0-use.local
  resolution: \"fixture@workspace:.\"
  dependencies:
    a: \"npm:^1\"
    d: \"npm:^1\"
";

    const BUN: &str = r#"{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "dependencies": { "a": "^1" }, "devDependencies": { "d": "^1" } },
    "web": { "name": "web", "dependencies": { "c": "^2" } },
  },
  "packages": {
    "@s/b": ["@s/b@2.0.0", "", { "optionalDependencies": { "c": "^2" } }, "sha512-AP8="],
    "a": ["a@1.0.0", "", { "dependencies": { "@s/b": "^2", "c": "^2" } }, "sha512-AP8="],
    "c": ["c@2.0.0", "", {}, "sha512-AP8="],
    "d": ["d@1.0.0", "", { "dependencies": { "c": "^1" } }, "sha512-AP8="],
    "d/c": ["c@1.5.0", "", {}, "sha512-AP8="],
    "web": ["web@workspace:web"],
  }
}
"#;

    #[test]
    fn packages_of_every_manager_are_listed_with_their_dependencies() {
        for (name, content) in [
            ("pnpm-lock.yaml", PNPM),
            ("pnpm-lock.yaml", PNPM_8),
            ("yarn.lock", YARN_CLASSIC),
            ("yarn.lock", YARN_BERRY),
            // Before version 8, ranges of dependencies have no protocol.
            ("yarn.lock", &YARN_BERRY.replace(": \"npm:^", ": \"^")),
            ("bun.lock", BUN),
        ] {
            let packages = packages(name, content);
            let found: Vec<_> = packages.components.iter().map(|one| (&*one.purl, one.scope)).collect();
            let expected = [
                ("pkg:npm/%40s/b@2.0.0", Some(Scope::Required)),
                ("pkg:npm/a@1.0.0", Some(Scope::Required)),
                ("pkg:npm/c@1.5.0", Some(Scope::Excluded)),
                ("pkg:npm/c@2.0.0", Some(Scope::Required)),
                ("pkg:npm/d@1.0.0", Some(Scope::Excluded)),
            ];
            assert_eq!(found, expected, "{content}");
            let edges: Vec<_> =
                packages.dependencies.iter().map(|(from, to)| (&from[8..], names(to))).collect();
            let expected = [
                ("%40s/b@2.0.0", vec!["c@2.0.0"]),
                ("a@1.0.0", vec!["%40s/b@2.0.0", "c@2.0.0"]),
                ("c@1.5.0", vec![]),
                ("c@2.0.0", vec![]),
                ("d@1.0.0", vec!["c@1.5.0"]),
            ];
            assert_eq!(edges, expected, "{content}");
            assert_eq!(names(&packages.direct), ["a@1.0.0", "d@1.0.0"], "{content}");
            // yarn berry has digests of its own archives, not of the registry's.
            let digest = Hash { alg: "SHA-512", content: "00ff".to_owned() };
            let has_digest = |one: &Component| one.hashes.contains(&digest);
            assert_eq!(
                packages.components.iter().all(has_digest),
                !content.contains("__metadata"),
                "{content}"
            );
        }
    }
}
