//! Source maps that vendored scripts name, and that are not there. Bundling removes the comment; a file of a package, which
//! nobody here can change, is no warning.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    compile::{context::Context, map_comment::MapComment},
    reference::Purpose,
    source::Language,
    text::Text,
};

/// Warnings for the own scripts among the bundled `files`.
pub(super) fn warnings(context: &Context<'_>, files: &BTreeSet<PathBuf>) -> Vec<String> {
    files.iter().filter_map(|file| warning(context, file)).collect()
}

fn warning(context: &Context<'_>, file: &Path) -> Option<String> {
    let source = context.in_language(Language::Script).find(|source| source.file == file)?;
    let script = fs::read_to_string(file).ok()?;
    let comment = MapComment::of(&script)?;
    let text = Text::new(context.config.name_of(file), script);
    let written = text.content()[comment.url.clone()].to_owned();
    let here = (&text, comment.url.clone());
    let found = context.tree.resolve(&source.path, &written, Purpose::Resource, here);
    found.is_err().then(|| comment.lost(&text))
}
