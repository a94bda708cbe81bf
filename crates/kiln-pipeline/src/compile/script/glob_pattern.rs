//! Patterns of files, as scripts write them: `./pages/*.ts`, `/icons/**/*.svg`, `!./pages/draft.ts`.

use std::path::{Component, Path, PathBuf};

use globset::{GlobSet, GlobSetBuilder};
use walkdir::{DirEntry, WalkDir};

use crate::glob::glob;

/// The folders in which patterns begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folders<'a> {
    /// The folder of the script, or `base`: `./x` and `../x`.
    pub(super) base: &'a Path,
    /// The folder of sources: `/x`.
    pub(super) root: &'a Path,
}

/// Compiled patterns.
#[derive(Clone, Debug)]
pub(super) struct Patterns {
    included: GlobSet,
    excluded: GlobSet,
    /// The deepest folders without wildcards of the included patterns.
    pub(super) folders: Vec<PathBuf>,
    /// Whether files in `node_modules` and hidden files are found.
    finds_all: bool,
}

impl Patterns {
    /// Compiles `patterns`. `finds_all` includes hidden files and `node_modules`, which are skipped unless a pattern
    /// names them.
    ///
    /// # Errors
    /// When a pattern is invalid: the message.
    pub(super) fn new(folders: Folders<'_>, patterns: &[String], finds_all: bool) -> Result<Self, String> {
        let (mut included, mut excluded) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        let mut starts = Vec::new();
        for pattern in patterns {
            let (set, positive) = match pattern.strip_prefix('!') {
                Some(negated) => (&mut excluded, negated),
                None => (&mut included, pattern.as_str()),
            };
            let (folder, rest) = folders.split(positive)?;
            if !pattern.starts_with('!') {
                starts.push(first_folder(&folder, rest));
            }
            let absolute = format!("{}/{rest}", globset::escape(&folder.to_string_lossy()));
            set.add(glob(&absolute).map_err(|error| error.kind().to_string())?);
        }
        let built = |set: GlobSetBuilder| set.build().map_err(|error| error.kind().to_string());
        let names = |part: &str| patterns.iter().any(|pattern| pattern.contains(part));
        Ok(Self {
            included: built(included)?,
            excluded: built(excluded)?,
            folders: starts,
            finds_all: finds_all || names("node_modules") || names("/."),
        })
    }

    /// The files that match, sorted.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        let below = |folder: &PathBuf| {
            let entries = WalkDir::new(folder).follow_links(true).into_iter();
            entries.filter_entry(|entry| entry.depth() == 0 || self.finds_all || !is_skipped(entry))
        };
        let entries = self.folders.iter().flat_map(below).filter_map(Result::ok);
        let files = entries.filter(|entry| entry.file_type().is_file()).map(DirEntry::into_path);
        let mut matching: Vec<_> =
            files.filter(|file| self.included.is_match(file) && !self.excluded.is_match(file)).collect();
        matching.sort();
        matching.dedup();
        matching
    }
}

impl Folders<'_> {
    /// The folder that a script names.
    pub(super) fn folder(&self, written: &str) -> PathBuf {
        if let Some(rest) = written.strip_prefix('/') {
            return self.root.join(rest);
        }
        let written = format!("{}/", written.trim_end_matches('/'));
        let (folder, rest) = climbed(self.base, &written);
        folder.join(rest.trim_end_matches('/'))
    }

    /// The folder in which `pattern` begins, and the rest of the pattern.
    fn split<'p>(&self, pattern: &'p str) -> Result<(PathBuf, &'p str), String> {
        if ["!(", "?(", "+(", "*(", "@("].iter().any(|extended| pattern.contains(extended)) {
            return Err("extended globs, such as `!(a|b)`, are not supported".to_owned());
        }
        if let Some(rest) = pattern.strip_prefix('/') {
            return Ok((self.root.to_owned(), rest));
        }
        let (folder, rest) = climbed(self.base, pattern);
        let is_relative = rest.len() < pattern.len() || pattern.starts_with("**/");
        is_relative
            .then_some((folder, rest))
            .ok_or_else(|| "patterns begin with `./`, `../` or `/`".to_owned())
    }
}

/// The folder to which the `./` and `../` at the beginning of `written` lead, and the rest.
fn climbed<'p>(from: &Path, written: &'p str) -> (PathBuf, &'p str) {
    let (mut folder, mut rest) = (from.to_owned(), written);
    loop {
        if let Some(inner) = rest.strip_prefix("./") {
            rest = inner;
        } else if let Some(outer) = rest.strip_prefix("../") {
            folder.pop();
            rest = outer;
        } else {
            return (folder, rest);
        }
    }
}

/// The deepest folder of `pattern` without wildcards.
fn first_folder(folder: &Path, pattern: &str) -> PathBuf {
    let parts = pattern.rsplit_once('/').map_or("", |(parts, _)| parts).split('/');
    let plain = parts.take_while(|part| !part.contains(['*', '?', '[', '{', '\\']));
    plain.fold(folder.to_owned(), |folder, part| folder.join(part))
}

fn is_skipped(entry: &DirEntry) -> bool {
    entry.file_name().to_str().is_some_and(|name| name == "node_modules" || name.starts_with('.'))
}

/// The path of `file` from the folder `from`, beginning with `./` or `../`.
pub(super) fn relative(from: &Path, file: &Path) -> String {
    let shared = from.components().zip(file.components()).take_while(|(one, other)| one == other).count();
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    let parts: Vec<_> = up.chain(file.components().skip(shared)).collect();
    let path: Vec<_> = parts.iter().map(|part| part.as_os_str().to_string_lossy()).collect();
    let is_below = parts.first() != Some(&Component::ParentDir);
    format!("{}{}", if is_below { "./" } else { "" }, path.join("/"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_relative_path_names_no_folder_above_both_files() {
        for (from, to, expected) in [
            ("/p/assets", "/p/assets/box.module.css", "./box.module.css"),
            ("/p/assets/ui", "/p/assets/base.module.css", "../base.module.css"),
            ("/p/assets", "/p/assets/ui/box.module.css", "./ui/box.module.css"),
        ] {
            assert_eq!(relative(Path::new(from), Path::new(to)), expected);
        }
    }

    #[test]
    fn patterns_find_files_from_the_script_and_from_the_root() {
        let folder = tempfile::tempdir().expect("folder");
        let root = folder.path();
        for name in ["ui/a.ts", "ui/b.ts", "ui/deep/c.ts", "ui/.hidden.ts", "ui/node_modules/p/d.ts", "e.ts"]
        {
            fs::create_dir_all(root.join(name).parent().expect("parent")).expect("folder");
            fs::write(root.join(name), "").expect("write");
        }
        let base = root.join("ui");
        let found = |patterns: &[&str], finds_all| {
            let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
            let patterns = Patterns::new(Folders { base: &base, root }, &patterns, finds_all)?;
            Ok(patterns.files().iter().map(|file| relative(&base, file)).collect::<Vec<_>>().join(" "))
        };
        for (patterns, finds_all, expected) in [
            (&["./*.ts"][..], false, Ok("./a.ts ./b.ts")),
            (&["./**/*.ts", "!./b.ts"], false, Ok("./a.ts ./deep/c.ts")),
            (&["**/c.ts"], false, Ok("./deep/c.ts")),
            (&["/*.ts", "/ui/{a,b}.ts"], false, Ok("../e.ts ./a.ts ./b.ts")),
            (&["../*.ts"], false, Ok("../e.ts")),
            (&["./*.ts"], true, Ok("./.hidden.ts ./a.ts ./b.ts")),
            (&["./node_modules/**/*.ts"], false, Ok("./node_modules/p/d.ts")),
            (&["./none/*.ts"], false, Ok("")),
            (&["pages/*.ts"], false, Err("patterns begin with `./`, `../` or `/`")),
            (&["./!(a).ts"], false, Err("extended globs, such as `!(a|b)`, are not supported")),
        ] {
            let expected = expected.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(found(patterns, finds_all), expected, "{patterns:?}");
        }
    }
}
