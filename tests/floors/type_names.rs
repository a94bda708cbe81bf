//! A type name is declared once in a package, so that it has one meaning.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{
    CHECKED, assert_none, quoted_names,
    tree::{Tree, inline},
};

#[test]
fn a_type_name_is_declared_once() {
    assert_none(CHECKED.iter().flat_map(|package| failures(package, &Tree::read(package))));
}

fn failures(package: &str, tree: &Tree) -> Vec<String> {
    let mut places = BTreeMap::<_, BTreeMap<_, BTreeSet<&Path>>>::new();
    for (id, module) in tree.modules.iter().enumerate() {
        for ty in &module.types {
            // Alternatives of one module, of which a `cfg` takes one, share its path.
            let scope = (&tree.modules[tree.declares(id, &ty.name)].path, &ty.function);
            places.entry(&ty.name).or_default().entry(scope).or_default().insert(&module.file);
        }
    }
    places.retain(|_, scopes| scopes.len() > 1);
    let failure = |(name, scopes): (&String, BTreeMap<_, BTreeSet<&Path>>)| {
        let files: Vec<_> = scopes.values().flatten().map(|file| file.display().to_string()).collect();
        format!(
            "error: `{name}` is declared {} times in {package}: {}\nhelp: name each after its difference\n",
            scopes.len(),
            files.join(", ")
        )
    };
    places.into_iter().map(failure).collect()
}

#[test]
fn a_name_of_two_types_is_found() {
    let files = [
        ("src/lib.rs", "mod a { pub struct Table; pub enum Kind {} } mod b;"),
        ("src/b.rs", "trait Table {} fn f() { type Kind = u8; }"),
    ];
    assert_eq!(quoted_names(&failures(".", &inline(&files))), ["Kind", "Table"]);
}

#[test]
fn associated_types_tests_and_alternatives_are_no_second_declaration() {
    let files = [
        (
            "src/lib.rs",
            "#[cfg(unix)] mod a; #[cfg(not(unix))] #[path = \"a/off.rs\"] mod a; pub struct Error;",
        ),
        ("src/a.rs", "pub struct A; impl Iterator for A { type Item = u8; type Error = u8; }"),
        ("src/a/off.rs", "pub struct A; #[cfg(test)] mod tests { struct Error; }"),
    ];
    assert_none(failures(".", &inline(&files)).into_iter());
}
