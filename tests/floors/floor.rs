//! Floors of a folder: a file or folder in it uses only those above it in the list.

use std::path::Path;

use crate::{
    assert_none,
    graph::Graph,
    tree::{Tree, inline, workspace},
};

/// A folder of a package, and its children from the first that the others may use to the last. The folder's `mod.rs`, or
/// the file of its name beside it, stands below them all.
struct Floors {
    package: &'static str,
    folder: &'static str,
    children: &'static [&'static str],
}

const FLOORS: &[Floors] = &[
    Floors {
        package: "crates/kiln-manifest",
        folder: "src",
        children: &[
            "digest",
            "logical_path",
            "coding",
            "place",
            "preload",
            "temporary",
            "migration",
            "source",
            "directive",
            "policy_source",
            "policy",
            "asset",
            "manifest",
            "provenance",
            "table",
        ],
    },
    Floors {
        package: "crates/kiln-pipeline",
        folder: "src",
        children: &[
            "error",
            "text",
            "glob",
            "config",
            "atomic_write",
            "file_lock",
            "executable",
            "file_digest",
            "parallel",
            "cache",
            "tracked",
            "packages",
            "step",
            "migration",
            "source",
            "reference",
            "compile",
            "link",
            "restrict",
            "compress",
            "report",
            "budget",
            "emit",
            "provenance",
            "session",
        ],
    },
    Floors {
        package: "crates/kiln-pipeline",
        folder: "src/compile",
        children: &[
            "package",
            "loadable",
            "demand",
            "context",
            "file_reference",
            "map_comment",
            "ignored_config",
            "media_type",
            "output",
            "graph",
            "entry",
            "css",
            "bundler",
            "tailwind",
            "style",
            "script",
            "page",
            "static_file",
        ],
    },
    Floors {
        package: "crates/kiln-pipeline",
        folder: "src/compile/tailwind",
        children: &[
            "error",
            "scanner",
            "quickjs",
            "bytecode",
            "protocol",
            "diagnostics",
            "globals",
            "engine",
            "recording",
            "plugin",
            "host",
            "dropped",
            "compile",
        ],
    },
    Floors {
        package: "crates/kiln-build",
        folder: "src",
        children: &["failure", "protocol", "in_process", "engine"],
    },
    Floors {
        package: "crates/kiln-build",
        folder: "src/in_process",
        children: &["missing_inputs", "watched", "directives", "build"],
    },
    Floors {
        package: "crates/cargo-kiln",
        folder: "src",
        children: &["package", "dev", "new", "engine", "report"],
    },
    Floors {
        package: "crates/cargo-kiln",
        folder: "src/dev",
        children: &["server_sources", "follow", "mistake", "state", "rebuild", "stream", "print"],
    },
    Floors {
        package: ".",
        folder: "src/identify",
        children: &[
            "sampler",
            "model_metadata",
            "model_input",
            "model",
            "verdict",
            "prediction_pool",
            "identifier",
        ],
    },
    Floors { package: ".", folder: "src/store", children: &["error", "row", "stats"] },
];

/// Files of a folder that use all of its children and are used by none.
const ROOFS: &[&str] = &["lib", "main", "mod"];

#[test]
fn a_child_of_a_folder_uses_only_floors_above_it() {
    assert_none(FLOORS.iter().flat_map(|floors| {
        let folder = workspace().join(floors.package).join(floors.folder);
        assert!(folder.is_dir(), "no such folder: {}\nhelp: take it out of FLOORS", folder.display());
        floors.failures(&Tree::read(floors.package))
    }));
}

impl Floors {
    fn failures(&self, tree: &Tree) -> Vec<String> {
        let graph = Graph::of(tree);
        let mut failures: Vec<_> = graph.edges.keys().filter_map(|file| self.unlisted(file)).collect();
        for (from, needed) in &graph.edges {
            let below = needed.iter().filter(|(to, _)| self.is_below(from, to));
            failures.extend(below.map(|(to, names)| {
                let names = names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                format!(
                    "error: {} uses {names} of {}, which stands below it in {}\nhelp: move the definition up, or the \
                     use down\n",
                    from.display(),
                    to.display(),
                    self.folder
                )
            }));
        }
        failures
    }

    fn unlisted(&self, file: &Path) -> Option<String> {
        let child = self.child(file)?;
        let is_listed = ROOFS.contains(&child) || self.children.contains(&child);
        (!is_listed).then(|| {
            format!(
                "error: {child} of {} has no floor\nhelp: enter it into FLOORS of tests/floors/floor.rs\n",
                self.folder
            )
        })
    }

    fn is_below(&self, from: &Path, to: &Path) -> bool {
        let floors = self.floor(from).zip(self.floor(to));
        floors.is_some_and(|(from, to)| from < to)
    }

    fn floor(&self, file: &Path) -> Option<usize> {
        let child = self.child(file)?;
        let listed = self.children.iter().position(|name| *name == child);
        Some(listed.unwrap_or(self.children.len()))
    }

    /// Name of the file or folder in this folder to which `file` belongs.
    fn child<'a>(&self, file: &'a Path) -> Option<&'a str> {
        if file == Path::new(self.folder).with_extension("rs") {
            return Some("mod");
        }
        let child = file.strip_prefix(self.folder).ok()?.components().next()?.as_os_str().to_str()?;
        Some(child.strip_suffix(".rs").unwrap_or(child))
    }
}

/// Failures of a folder `src/a` with the floors `low`, `high`.
fn failures(files: &[(&str, &str)]) -> Vec<String> {
    let floors = Floors { package: ".", folder: "src/a", children: &["low", "high"] };
    let root = [
        ("src/lib.rs", "mod a;"),
        ("src/a/mod.rs", "mod low; mod high; fn f() { low::low(); high::high() }"),
    ];
    let failures = floors.failures(&inline(&[&root[..], files].concat()));
    failures.iter().filter_map(|failure| failure.lines().next().map(str::to_owned)).collect()
}

#[test]
fn a_use_of_a_floor_above_is_accepted() {
    let low = ("src/a/low.rs", "pub fn low() {}");
    assert!(failures(&[low, ("src/a/high.rs", "pub fn high() { super::low::low() }")]).is_empty());
}

#[test]
fn a_use_of_a_floor_below_is_reported() {
    let files = [
        ("src/a/low.rs", "pub mod inner; pub fn low() {}"),
        ("src/a/low/inner.rs", "use crate::a::high::high; fn f() { high() }"),
        ("src/a/high.rs", "pub fn high() {}"),
    ];
    assert_eq!(
        failures(&files),
        ["error: src/a/low/inner.rs uses high of src/a/high.rs, which stands below it in src/a"]
    );
}

#[test]
fn a_child_without_a_floor_is_reported() {
    let files = [("src/a/low.rs", "pub mod inner;"), ("src/a/low/inner.rs", ""), ("src/a/high.rs", "")];
    assert!(failures(&files).is_empty());
    let floors = Floors { package: ".", folder: "src/a", children: &["low"] };
    let files = [("src/lib.rs", "mod a;"), ("src/a/mod.rs", "mod high;"), ("src/a/high.rs", "")];
    let failures = floors.failures(&inline(&files));
    assert!(failures[0].starts_with("error: high of src/a has no floor"), "{failures:?}");
}
