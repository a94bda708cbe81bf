//! State of the pipeline has an owner: no static of it has interior state.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    assert_none, quoted_names,
    tree::{Tree, inline, workspace},
};

/// Packages that hold the pipeline, as folders of the workspace.
const PIPELINE: &[&str] = &["crates/kiln-pipeline", "crates/kiln-build"];

/// Types of the standard library whose values change behind a shared reference.
const INTERIOR: &[&str] = &[
    "Cell",
    "LazyCell",
    "LazyLock",
    "Mutex",
    "Once",
    "OnceCell",
    "OnceLock",
    "RefCell",
    "RwLock",
    "SyncUnsafeCell",
    "UnsafeCell",
    "thread_local",
];

#[test]
fn no_static_of_the_pipeline_has_interior_state() {
    let there = PIPELINE.iter().filter(|package| workspace().join(package).join("src").is_dir());
    assert_none(there.flat_map(|package| failures(package, &Tree::read(package))));
}

fn failures(package: &str, tree: &Tree) -> Vec<String> {
    let stateful = stateful(tree);
    let statics =
        tree.modules.iter().flat_map(|module| module.statics.iter().map(move |item| (module, item)));
    let failing = statics.filter_map(|(module, item)| {
        let held = item.holds.iter().find(|name| is_interior(name) || stateful.contains(name))?;
        Some(format!(
            "error: static `{}` of {package}/{} holds `{held}`, which changes\nhelp: make it a value of the session, or \
             of what the session owns\n",
            item.name,
            module.file.display(),
        ))
    });
    failing.collect()
}

fn is_interior(name: &str) -> bool {
    INTERIOR.contains(&name) || name.starts_with("Atomic")
}

/// Types of the tree that hold interior state, however deep.
fn stateful(tree: &Tree) -> BTreeSet<&String> {
    let types = tree.modules.iter().flat_map(|module| &module.types);
    let held: BTreeMap<_, _> = types.map(|ty| (&ty.name, &ty.holds)).collect();
    let mut stateful = BTreeSet::new();
    loop {
        let before = stateful.len();
        let holds =
            |names: &BTreeSet<String>| names.iter().any(|name| is_interior(name) || stateful.contains(name));
        let more: Vec<_> = held.iter().filter(|(_, names)| holds(names)).map(|(name, _)| *name).collect();
        stateful.extend(more);
        if stateful.len() == before {
            return stateful;
        }
    }
}

/// Failures of a package of one file.
fn failures_of(text: &str) -> Vec<String> {
    failures("crate", &inline(&[("src/lib.rs", text)]))
}

#[test]
fn a_static_with_interior_state_is_found() {
    let text = "static A: Mutex<Vec<u8>> = Mutex::new(Vec::new());
                fn f() { static B: std::sync::atomic::AtomicBool = AtomicBool::new(false); }
                struct Inner { count: Option<RefCell<u8>> } struct Outer(Inner); static C: &[Outer] = &[];
                thread_local! { static D: u8 = 0; }";
    assert_eq!(quoted_names(&failures_of(text)), ["A", "B", "C", "D"]);
}

#[test]
fn a_static_without_interior_state_is_accepted() {
    let text = "static A: &[&str] = &[]; struct Held(Mutex<u8>); const fn f(_: &Mutex<u8>) {}";
    assert_none(failures_of(text).into_iter());
}
