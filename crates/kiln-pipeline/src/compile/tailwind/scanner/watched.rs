//! Folders and files that the next build has to look at again.

use std::{
    mem::replace,
    path::{Path, PathBuf},
};

use super::{
    class_sources::{ClassSources, SourceRule, builder},
    rules::{is_left_out, is_skipped_folder},
};

impl ClassSources {
    /// The folders and files below which a change may add a class.
    pub(in crate::compile::tailwind) fn watched(&self) -> impl Iterator<Item = PathBuf> {
        self.rules.iter().flat_map(|rule| match rule {
            SourceRule::Folder(folder) => top_level(folder),
            SourceRule::IgnoredFolder(folder) => vec![folder.clone()],
            SourceRule::Glob { root, .. } if root.exists() => vec![root.clone()],
            SourceRule::Glob { .. } | SourceRule::Not(_) => Vec::new(),
        })
    }

    /// The files by which git ignores what lies in the folders; of those that are not there, the ones that would
    /// be looked at first. What lies deeper is watched with its folder.
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

/// Cargo watches a folder with all that is in it, so a project's root is watched by its children that
/// are not ignored.
fn top_level(folder: &Path) -> Vec<PathBuf> {
    let walk = builder(folder).max_depth(Some(1)).filter_entry(|entry| !is_skipped_folder(entry)).build();
    walk.flatten()
        .map(ignore::DirEntry::into_path)
        .filter(|path| path != folder && (path.is_dir() || !is_left_out(path)))
        .collect()
}
