//! Crates depend on each other in one direction: the two lifecycles meet in the contract alone.

use std::{collections::BTreeSet, fs};

use toml::{Table, Value};

use crate::{assert_none, tree::workspace};

/// Crates of the workspace, each with those that it may depend on.
const DIRECTIONS: &[(&str, &[&str])] = &[
    ("kiln-manifest", &[]),
    ("kiln-pipeline", &["kiln-manifest"]),
    ("kiln-build", &["kiln-manifest", "kiln-pipeline"]),
    ("cargo-kiln", &["kiln-build", "kiln-manifest", "kiln-pipeline"]),
    ("kiln", &["kiln-manifest"]),
    ("kiln-testing", &["kiln", "kiln-manifest"]),
];

#[test]
fn a_crate_depends_on_allowed_crates_alone() {
    let folders = fs::read_dir(workspace().join("crates")).expect("crates/");
    assert_none(folders.flat_map(|folder| {
        let folder = folder.expect("an entry of crates/").path();
        let Ok(text) = fs::read_to_string(folder.join("Cargo.toml")) else { return Vec::new() };
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        failures(name, &text.parse().expect("a manifest in TOML"))
    }));
}

fn failures(package: &str, manifest: &Table) -> Vec<String> {
    let Some((_, allowed)) = DIRECTIONS.iter().find(|(name, _)| *name == package) else {
        return vec![format!(
            "error: crates/{package} has no direction\nhelp: enter it into DIRECTIONS of tests/floors/crates.rs\n"
        )];
    };
    let ours =
        dependencies(manifest).into_iter().filter(|name| DIRECTIONS.iter().any(|(ours, _)| ours == name));
    let wrong = ours.filter(|name| !allowed.contains(&name.as_str()));
    wrong
        .map(|name| {
            format!(
                "error: {package} depends on {name}\nhelp: move what both need into kiln-manifest; {package} may use \
                 {allowed:?}\n"
            )
        })
        .collect()
}

/// Names in `[dependencies]`, `[build-dependencies]` and those of targets. Tests may use any crate.
fn dependencies(manifest: &Table) -> BTreeSet<String> {
    let targets = manifest.get("target").and_then(Value::as_table).into_iter().flat_map(Table::values);
    let places = targets.filter_map(Value::as_table).chain([manifest]);
    let lists = places.flat_map(|place| ["dependencies", "build-dependencies"].map(|list| place.get(list)));
    let names = lists.flatten().filter_map(Value::as_table).flat_map(Table::keys);
    names.cloned().collect()
}

#[test]
fn a_dependency_against_the_direction_is_found_in_any_table() {
    let manifest =
        "[target.'cfg(unix)'.dependencies]\nkiln-build = {}\n[build-dependencies]\nkiln-pipeline = {}\n
                    [dependencies]\nkiln-manifest = {}\nserde = {}\n[dev-dependencies]\nkiln-testing = {}";
    let failures = failures("kiln", &manifest.parse().expect("a manifest in TOML"));
    let lines: Vec<_> = failures.iter().filter_map(|failure| failure.lines().next()).collect();
    assert_eq!(lines, ["error: kiln depends on kiln-build", "error: kiln depends on kiln-pipeline"]);
}

#[test]
fn a_crate_without_a_direction_is_found() {
    assert!(failures("new", &Table::new())[0].starts_with("error: crates/new has no direction"));
}
