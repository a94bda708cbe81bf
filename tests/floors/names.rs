//! Names and paths below the level of items: in types, and among the tokens of macros.

use std::collections::BTreeSet;

use syn::{
    buffer::Cursor,
    visit::{self, Visit},
};

use crate::tree::Segments;

/// Names in a type: `Mutex` and `Session` of `Mutex<Vec<super::Session>>`, and more.
pub(crate) fn names_in(ty: &syn::Type) -> BTreeSet<String> {
    struct Names(BTreeSet<String>);
    impl<'ast> Visit<'ast> for Names {
        fn visit_path(&mut self, path: &'ast syn::Path) {
            self.0.extend(path.segments.last().map(|last| last.ident.to_string()));
            visit::visit_path(self, path);
        }
    }
    let mut names = Names(BTreeSet::new());
    names.visit_type(ty);
    names.0
}

/// Paths among the tokens of a macro.
pub(crate) fn paths_in(mut cursor: Cursor<'_>) -> Vec<Segments> {
    let mut paths = Vec::new();
    let mut continues = false;
    while !cursor.eof() {
        if let Some((ident, rest)) = cursor.ident() {
            match paths.last_mut() {
                Some(path) if continues => Segments::push(path, ident.to_string()),
                _ => paths.push(vec![ident.to_string()]),
            }
            let colons = rest.punct().filter(|(first, _)| first.as_char() == ':');
            let colons =
                colons.and_then(|(_, rest)| rest.punct().filter(|(second, _)| second.as_char() == ':'));
            continues = colons.is_some();
            cursor = colons.map_or(rest, |(_, rest)| rest);
        } else {
            continues = false;
            let group = cursor.any_group();
            paths.extend(group.into_iter().flat_map(|(inside, ..)| paths_in(inside)));
            let next = group.map(|(.., rest)| rest).or_else(|| cursor.token_tree().map(|(_, rest)| rest));
            let Some(rest) = next else { break };
            cursor = rest;
        }
    }
    paths
}
