//! Watched inputs of the scanner: folders, files, and rules of git.

use std::{
    mem::replace,
    path::{Path, PathBuf},
};

use super::{
    class_sources::{ClassSources, SourceRule, builder},
    rules::{is_left_out, is_skipped_folder},
};

impl ClassSources {
    /// Folders and files in which a change may add a class.
    pub(in crate::compile::tailwind) fn watched(&self) -> impl Iterator<Item = PathBuf> {
        self.rules.iter().flat_map(|rule| match rule {
            SourceRule::Folder(folder) => top_level(folder),
            SourceRule::IgnoredFolder(folder) => vec![folder.clone()],
            SourceRule::Glob { root, .. } if root.exists() => vec![root.clone()],
            SourceRule::Glob { .. } | SourceRule::Not(_) => Vec::new(),
        })
    }

    /// The `.gitignore` files that apply to the folders. Of missing ones, only those in the folders themselves; deeper
    /// ones are watched with their folder.
    pub(in crate::compile::tailwind) fn rules_of_git(&self) -> impl Iterator<Item = PathBuf> {
        let folders = self.rules.iter().filter_map(|rule| match rule {
            SourceRule::Folder(folder) | SourceRule::Glob { root: folder, .. } => Some(folder),
            SourceRule::IgnoredFolder(_) | SourceRule::Not(_) => None,
        });
        folders.flat_map(|folder| {
            let mut is_inside = true;
            let within_repository = folder
                .ancestors()
                .take_while(move |path| replace(&mut is_inside, !path.join(".git").exists()));
            let files = within_repository.map(|path| path.join(".gitignore"));
            files.filter(move |file| file.parent() == Some(folder.as_path()) || file.exists())
        })
    }
}

/// Children of a folder that are not ignored: cargo watches a folder with everything below it, so the root of a project
/// is watched by its children.
fn top_level(folder: &Path) -> Vec<PathBuf> {
    let walk = builder(folder).max_depth(Some(1)).filter_entry(|entry| !is_skipped_folder(entry)).build();
    walk.flatten()
        .map(ignore::DirEntry::into_path)
        .filter(|path| path != folder && (path.is_dir() || !is_left_out(path)))
        .collect()
}
