//! Files of a package form no circle: no file needs itself through others.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    CHECKED, assert_none,
    graph::Graph,
    tree::{Tree, inline, workspace},
};

/// Files that need each other because their subject is recursive.
struct Recursion {
    package: &'static str,
    /// Files below `src/` of the package; ARCHITECTURE.md names each.
    files: &'static [&'static str],
    /// Why no order of the files exists.
    reason: &'static str,
}

const RECURSIONS: &[Recursion] = &[
    Recursion {
        package: "crates/kiln-pipeline",
        files: &["compile/page/compile.rs", "compile/page/partial.rs", "compile/page/srcdoc.rs"],
        reason: "a page may hold a page in `srcdoc`, and a partial may hold others",
    },
    Recursion {
        package: "crates/kiln-pipeline",
        files: &[
            "compile/tailwind/scanner/template/haml.rs",
            "compile/tailwind/scanner/template/mod.rs",
            "compile/tailwind/scanner/template/ruby.rs",
            "compile/tailwind/scanner/template/vue.rs",
        ],
        reason: "a template may hold another one in its own language",
    },
];

#[test]
fn files_form_no_circle() {
    assert_none(CHECKED.iter().flat_map(|package| failures(package, &Tree::read(package))));
}

#[test]
fn each_recursion_has_a_reason_and_is_named_in_the_architecture() {
    let architecture = fs::read_to_string(workspace().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    for recursion in RECURSIONS {
        assert!(!recursion.reason.is_empty(), "recursion without a reason: {:?}", recursion.files);
        for file in recursion.files {
            assert!(
                architecture.contains(file),
                "ARCHITECTURE.md does not name `{file}`, a file of a recursion"
            );
        }
    }
}

fn failures(package: &str, tree: &Tree) -> Vec<String> {
    let graph = Graph::of(tree);
    let circles = graph.circles();
    let known: Vec<_> = RECURSIONS.iter().filter(|recursion| recursion.package == package).collect();
    let new = circles.iter().filter(|circle| !known.iter().any(|recursion| recursion.covers(circle)));
    let gone = known.iter().filter(|recursion| !circles.iter().any(|circle| recursion.covers(circle)));
    let new = new.map(|circle| {
        format!(
            "error: circle of {} files in {package}:\n{}help: move the definitions that lower files need into a file \
             below them all; a true recursion goes into RECURSIONS of tests/floors/circle.rs and into ARCHITECTURE.md\n",
            circle.len(),
            graph.ties(circle)
        )
    });
    let gone = gone.map(|recursion| {
        format!(
            "error: no circle any more: {:?} in {package}\nhelp: take it out of RECURSIONS\n",
            recursion.files
        )
    });
    new.chain(gone).collect()
}

impl Recursion {
    fn covers(&self, circle: &BTreeSet<&PathBuf>) -> bool {
        let files: BTreeSet<_> = self.files.iter().map(|file| Path::new("src").join(file)).collect();
        circle.iter().copied().eq(&files)
    }
}

/// Circles of a tree, as the names of their files.
fn circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let graph = Graph::of(&inline(files));
    let name = |file: &PathBuf| file.display().to_string().replace("src/", "");
    graph.circles().iter().map(|circle| circle.iter().map(|file| name(file)).collect()).collect()
}

#[test]
fn files_that_import_from_each_other_are_a_circle() {
    let files = [
        ("src/lib.rs", "mod a; mod b; mod c;"),
        ("src/a.rs", "use crate::b::B; pub struct A; fn f(_: B) {}"),
        ("src/b.rs", "use super::c::C; pub struct B; fn f(_: C) {}"),
        ("src/c.rs", "pub struct C; fn f(_: crate::a::A) {}"),
    ];
    assert_eq!(circles(&files), [["a.rs", "b.rs", "c.rs"]]);
    assert_eq!(
        failures(".", &inline(&files[..])).join("").lines().take(4).collect::<Vec<_>>(),
        [
            "error: circle of 3 files in .:",
            "  src/a.rs → src/b.rs by B",
            "  src/b.rs → src/c.rs by C",
            "  src/c.rs → src/a.rs by A",
        ]
    );
}

#[test]
fn a_declaration_and_a_reexport_are_no_use() {
    let files = [
        ("src/lib.rs", "mod a; pub use a::A; pub struct Below;"),
        ("src/a.rs", "use crate::Below; pub struct A(Below);"),
    ];
    assert!(circles(&files).is_empty());
}

#[test]
fn a_name_that_is_reexported_and_used_is_used() {
    let files = [
        ("src/lib.rs", "mod a; pub use a::A; pub struct Below; fn f(_: A) {}"),
        ("src/a.rs", "use crate::Below; pub struct A(Below);"),
    ];
    assert_eq!(circles(&files), [["a.rs", "lib.rs"]]);
}

#[test]
fn an_import_is_resolved_through_reexports_to_the_defining_file() {
    let files = [
        ("src/lib.rs", "mod a; mod b;"),
        ("src/a/mod.rs", "pub(crate) mod inner; mod user; pub(crate) use self::inner::{Name as Renamed, *};"),
        ("src/a/inner.rs", "pub(crate) struct Name; pub(crate) fn starred() {}"),
        ("src/a/user.rs", "fn f() { crate::b::run() }"),
        ("src/b.rs", "use crate::a::{starred, Renamed}; pub(crate) fn run() { starred() }"),
    ];
    assert!(circles(&files).is_empty());
    let tied = [&files[..3], &[("src/a/user.rs", ""), files[4]]].concat();
    assert!(Graph::of(&inline(&tied)).edges[Path::new("src/b.rs")].keys().eq([Path::new("src/a/inner.rs")]));
}

#[test]
fn paths_in_macros_and_through_imported_modules_are_uses() {
    let files = [
        ("src/lib.rs", "mod a; mod b;"),
        ("src/a.rs", "use crate::b; pub fn f() { b::g() }"),
        ("src/b.rs", "pub fn g() { println!(\"{}\", crate::a::f()) }"),
    ];
    assert_eq!(circles(&files), [["a.rs", "b.rs"]]);
}

#[test]
fn used_names_of_a_glob_are_uses_and_so_is_a_glob_of_variants() {
    let files = [
        ("src/lib.rs", "mod a; mod b; mod c;"),
        ("src/a.rs", "use crate::b::*; pub struct A(B);"),
        ("src/b.rs", "use crate::c::C::*; pub struct B;"),
        ("src/c.rs", "use crate::a::*; pub enum C { D } fn f(_: A) {}"),
    ];
    assert_eq!(circles(&files), [["a.rs", "b.rs", "c.rs"]]);
    let idle = [files[0], ("src/a.rs", "use crate::b::*; pub struct A;"), files[2], files[3]];
    assert!(circles(&idle).is_empty());
}

#[test]
fn uses_in_tests_do_not_count() {
    let files = [
        ("src/lib.rs", "mod a; mod b;"),
        ("src/a.rs", "use crate::b::B; pub struct A(B);"),
        (
            "src/b.rs",
            "#[cfg(test)] use crate::a::A; pub struct B; impl B { #[cfg(test)] fn f(_: crate::a::A) {} }
             #[cfg(all(test, unix))] mod tests { use crate::a::A; }",
        ),
    ];
    assert!(circles(&files).is_empty());
}

#[test]
fn each_file_of_a_conditional_module_counts() {
    let files = [
        ("src/lib.rs", "#[cfg(unix)] mod a; #[cfg(not(unix))] #[path = \"a/off.rs\"] mod a; mod b;"),
        ("src/a.rs", "pub struct A;"),
        ("src/a/off.rs", "pub struct A(crate::b::B);"),
        ("src/b.rs", "use crate::a::A; pub struct B(A);"),
    ];
    assert_eq!(circles(&files), [["a/off.rs", "b.rs"]]);
}

#[test]
fn modules_inside_a_file_are_part_of_it() {
    let files = [
        ("src/lib.rs", "mod a { pub mod deep; pub(super) struct Top(deep::Deep); pub struct Own; }"),
        ("src/a/deep.rs", "pub struct Deep(super::Own);"),
    ];
    assert_eq!(circles(&files), [["a/deep.rs", "lib.rs"]]);
}
