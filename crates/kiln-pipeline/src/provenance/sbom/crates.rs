//! The crates of an executable, by cargo's resolution for its features and its target.
//!
//! `cargo tree` resolves like the build, so that it names no crate that was not compiled, and needs none that was not
//! downloaded; `cargo metadata` does neither.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    ffi::OsString,
    path::Path,
    process::{Command, Stdio},
    thread,
};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};

use super::{
    document::{Component, ComponentKind, Hash, Scope, failed},
    licence::licences,
};
use crate::{
    Result,
    packages::{CargoLock, LockedCrate},
    provenance::Package,
};

/// The crates of an executable.
pub(super) struct Crates {
    /// The package of the executable.
    pub(super) subject: Component,
    pub(super) components: Vec<Component>,
    /// Dependencies, by reference.
    pub(super) dependencies: BTreeMap<String, BTreeSet<String>>,
}

/// The name and version of a crate.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct PackageName {
    name: String,
    version: String,
}

/// One line of a tree.
struct TreeLine {
    depth: usize,
    name: PackageName,
    licence: String,
}

/// The edges of the tree of all crates.
const ALL: &str = "no-dev";
/// The edges of the tree of crates that are part of the executable.
const LINKED: &str = "no-dev,no-build,no-proc-macro";

/// The crates of the package in `root` with the lock file `lock`.
pub(super) fn of(root: &Path, package: &Package, lock: CargoLock) -> Result<Crates> {
    let (all, linked) = thread::scope(|scope| {
        let all = scope.spawn(|| tree(root, package, ALL));
        let linked = tree(root, package, LINKED);
        (all.join(), linked)
    });
    let all = all.map_err(|_| failed(&"the thread of `cargo tree` panicked"))??;
    gather(&all, &linked?, lock)
}

/// The output of `cargo tree` for `package`.
fn tree(root: &Path, package: &Package, edges: &str) -> Result<String> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let output = Command::new(cargo)
        .args(["tree", "--quiet", "--locked", "--offline", "--prefix", "depth", "--format", FORMAT])
        .args(["--edges", edges, "--target", &package.target, "--package", &package.name])
        .args(["--no-default-features", "--features", &package.features.join(",")])
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .map_err(|cause| failed(&format!("`cargo tree` could not be started: {cause}")))?;
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        return Err(failed(&format!("`cargo tree` failed with {}:\n{}", output.status, stderr.trim())));
    }
    String::from_utf8(output.stdout).map_err(|error| failed(&error))
}

/// The format of a line: tabs end the depth, the package and the licence, none of which contains one.
const FORMAT: &str = "\t{p}\t{l}\t";

fn gather(all: &str, linked: &str, lock: CargoLock) -> Result<Crates> {
    let locked: BTreeMap<PackageName, LockedCrate> =
        lock.package.into_iter().map(|one| (PackageName::new(&one.name, &one.version), one)).collect();
    let linked: BTreeSet<PackageName> =
        lines(linked).map(|line| line.map(|line| line.name)).collect::<Result<_>>()?;
    let mut crates: BTreeMap<PackageName, Component> = BTreeMap::new();
    let mut dependencies: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut above: Vec<String> = Vec::new();
    for line in lines(all) {
        let line = line?;
        let component = component(&line, locked.get(&line.name), linked.contains(&line.name));
        let reference = component.reference.clone();
        above.truncate(line.depth);
        if let Some(parent) = above.last().filter(|parent| **parent != reference) {
            dependencies.entry(parent.clone()).or_default().insert(reference.clone());
        }
        dependencies.entry(reference.clone()).or_default();
        above.push(reference);
        crates.entry(line.name).or_insert(component);
    }
    let first = lines(all).next().ok_or_else(|| failed(&"no output of `cargo tree`"))??;
    let subject =
        crates.remove(&first.name).ok_or_else(|| failed(&"no root in the output of `cargo tree`"))?;
    let subject = Component { kind: ComponentKind::Application, scope: None, ..subject };
    Ok(Crates { subject, components: crates.into_values().collect(), dependencies })
}

fn lines(tree: &str) -> impl Iterator<Item = Result<TreeLine>> {
    tree.lines().filter(|line| !line.is_empty()).map(|line| {
        TreeLine::parse(line)
            .ok_or_else(|| failed(&format!("unexpected line in the output of `cargo tree`: {line}")))
    })
}

impl TreeLine {
    /// A line such as `2⇥serde v1.0.229 (proc-macro)⇥MIT OR Apache-2.0⇥ (*)`; the source, which may be a path, is ignored.
    fn parse(line: &str) -> Option<Self> {
        let mut fields = line.split('\t');
        let depth = fields.next()?.parse().ok()?;
        let mut package = fields.next()?.split(' ');
        let (name, version) = (package.next()?, package.next()?.strip_prefix('v')?);
        let licence = fields.next()?.to_owned();
        Some(Self { depth, name: PackageName::new(name, version), licence })
    }
}

impl PackageName {
    fn new(name: &str, version: &str) -> Self {
        Self { name: name.to_owned(), version: version.to_owned() }
    }
}

fn component(line: &TreeLine, locked: Option<&LockedCrate>, is_linked: bool) -> Component {
    let PackageName { name, version } = line.name.clone();
    let purl = format!(
        "pkg:cargo/{name}@{}{}",
        version.replace('+', "%2B"),
        qualifier(locked.and_then(|locked| locked.source.as_deref()))
    );
    let checksum = locked.and_then(|locked| locked.checksum.clone());
    Component {
        kind: ComponentKind::Library,
        reference: purl.clone(),
        group: None,
        name,
        version,
        scope: Some(if is_linked { Scope::Required } else { Scope::Excluded }),
        hashes: checksum.into_iter().map(|content| Hash { alg: "SHA-256", content }).collect(),
        licenses: licences(&line.licence),
        purl,
    }
}

/// The qualifier of a package URL for a crate from elsewhere than crates.io. A path dependency has no URL.
fn qualifier(source: Option<&str>) -> String {
    let encoded = |url: &str| percent_encoding::utf8_percent_encode(url, ENCODED).to_string();
    match source {
        None => "?download_url=file:.".to_owned(),
        Some("registry+https://github.com/rust-lang/crates.io-index") => String::new(),
        Some(source) => match source.split_once('+') {
            Some(("git", _)) => format!("?vcs_url={}", encoded(source)),
            Some((_, url)) => format!("?repository_url={}", encoded(url)),
            None => format!("?repository_url={}", encoded(source)),
        },
    }
}

/// Characters that are encoded in a qualifier of a package URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b':');

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: &str = "0\tapp v0.1.0 (/some/where)\tMIT\t\n\
        1\ta v1.0.0+2\tMIT/Apache-2.0\t\n\
        2\tmacros v2.0.0 (proc-macro)\tMIT\t\n\
        1\tmacros v2.0.0 (proc-macro)\tMIT\t (*)\n\
        1\tlocal v0.1.0 (/some/where/crates/local)\t\t\n\
        2\tforked v3.0.0 (https://example.org/forked?branch=main#0123abcd)\tMIT\t\n";
    const LINKED: &str = "0\tapp v0.1.0 (/some/where)\tMIT\t\n1\ta v1.0.0+2\tMIT/Apache-2.0\t\n\
        1\tlocal v0.1.0 (/some/where/crates/local)\t\t\n";
    const LOCK: &str = r#"
        version = 4
        [[package]]
        name = "a"
        version = "1.0.0+2"
        source = "registry+https://github.com/rust-lang/crates.io-index"
        checksum = "00ff"
        [[package]]
        name = "macros"
        version = "2.0.0"
        source = "sparse+https://registry.example.org/"
        [[package]]
        name = "forked"
        version = "3.0.0"
        source = "git+https://example.org/forked?branch=main#0123abcd"
        [[package]]
        name = "local"
        version = "0.1.0"
        [[package]]
        name = "app"
        version = "0.1.0"
    "#;

    fn gathered() -> Crates {
        gather(ALL, LINKED, CargoLock::parse(LOCK).expect("a lock file")).expect("a tree")
    }

    #[test]
    fn linked_crates_are_required_and_other_crates_of_the_build_excluded() {
        let crates = gathered();
        let scopes: Vec<_> = crates
            .components
            .iter()
            .map(|one| (one.name.as_str(), one.scope == Some(Scope::Required)))
            .collect();
        assert_eq!(scopes, [("a", true), ("forked", false), ("local", true), ("macros", false)]);
        assert_eq!((crates.subject.name.as_str(), crates.subject.kind), ("app", ComponentKind::Application));
        let a = &crates.components[0];
        assert_eq!(a.hashes, [Hash { alg: "SHA-256", content: "00ff".to_owned() }]);
        assert_eq!(a.licenses, licences("MIT OR Apache-2.0"));
    }

    #[test]
    fn a_package_url_names_the_registry_of_a_crate_and_no_folder() {
        let urls: Vec<_> = gathered().components.into_iter().map(|one| one.purl).collect();
        assert_eq!(
            urls,
            [
                "pkg:cargo/a@1.0.0%2B2",
                "pkg:cargo/forked@3.0.0?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Fforked%3Fbranch%3Dmain%230123abcd",
                "pkg:cargo/local@0.1.0?download_url=file:.",
                "pkg:cargo/macros@2.0.0?repository_url=https:%2F%2Fregistry.example.org%2F",
            ]
        );
    }

    #[test]
    fn each_crate_has_its_dependencies() {
        let Crates { subject, dependencies, .. } = gathered();
        let of = |reference: &str| dependencies[reference].iter().map(|one| &one[10..12]).collect::<Vec<_>>();
        assert_eq!(of(&subject.reference), ["a@", "lo", "ma"]);
        assert_eq!(of("pkg:cargo/a@1.0.0%2B2"), ["ma"]);
        assert_eq!(of("pkg:cargo/local@0.1.0?download_url=file:."), ["fo"]);
    }

    #[test]
    fn an_unexpected_line_is_an_error() {
        let Err(error) = gather("0\tapp\n", "", CargoLock::default()) else { panic!("parsed") };
        assert!(error.to_string().ends_with("output of `cargo tree`: 0\tapp"), "{error}");
    }
}
