//! Sources of the server. A change of one is printed, and left to the server's terminal.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use ignore::WalkBuilder;
use kiln_manifest::Digest;

/// Sources of the server below the package.
const SERVER: [&str; 4] = ["Cargo.toml", "build.rs", "migrations", "src"];

/// Sources of the server, by content.
#[derive(Debug)]
pub(super) struct ServerSources(BTreeMap<PathBuf, Digest>);

impl ServerSources {
    pub(super) fn of(root: &Path) -> Self {
        let files = Self::places(root).flat_map(|place| files_below(&place));
        Self(files.filter_map(|path| Some((path.clone(), digest(&path)?))).collect())
    }

    /// Files and folders of the server below the package in `root`.
    pub(super) fn places(root: &Path) -> impl Iterator<Item = PathBuf> {
        SERVER.iter().map(|name| root.join(name))
    }

    /// Changed sources among `paths`, each of which may be a folder that has come or gone with all that is in it.
    pub(super) fn changed(&mut self, root: &Path, paths: &[PathBuf]) -> Vec<PathBuf> {
        let is_ours = |path: &&PathBuf| Self::places(root).any(|place| path.starts_with(place));
        let ours: BTreeSet<_> = paths.iter().filter(is_ours).collect();
        let known = |path: &PathBuf| self.0.keys().filter(|file| file.starts_with(path)).cloned().collect();
        let files: BTreeSet<PathBuf> =
            ours.into_iter().flat_map(|path| files_below(path).chain::<Vec<_>>(known(path))).collect();
        let (mut changed, mut now) = (Vec::new(), BTreeMap::new());
        for file in files {
            let content = digest(&file);
            if self.0.get(&file) != content.as_ref() {
                changed.push(file.strip_prefix(root).unwrap_or(&file).to_owned());
            }
            now.insert(file, content);
        }
        for (file, content) in now {
            match content {
                Some(content) => drop(self.0.insert(file, content)),
                None => drop(self.0.remove(&file)),
            }
        }
        changed
    }
}

/// The files of a folder, or the file itself.
fn files_below(path: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let files = WalkBuilder::new(path).build().flatten().map(ignore::DirEntry::into_path);
    files.filter(|file| file.is_file() && is_of_the_server(file))
}

fn is_of_the_server(path: &Path) -> bool {
    path.extension()
        .is_some_and(|extension| ["rs", "toml", "sql", "html"].iter().any(|one| extension == *one))
}

fn digest(path: &Path) -> Option<Digest> {
    fs::read(path).ok().map(|content| Digest::of(&content))
}
