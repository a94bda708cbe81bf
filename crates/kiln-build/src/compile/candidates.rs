//! Words in sources that might be Tailwind classes. More are found than exist: the engine knows which
//! are classes, so a word too many costs a look-up and a word too few costs a style.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use globset::{GlobBuilder, GlobMatcher};
use ignore::WalkBuilder;

use crate::{Error, Result};

/// Where to look for classes, and where not to.
#[derive(Debug, Default)]
pub(super) struct Sources {
    roots: Vec<(PathBuf, Option<GlobMatcher>)>,
    excluded: Vec<GlobMatcher>,
}

/// Files that hold no class names, as in Tailwind's documentation of automatic source detection: styles,
/// lock files and binaries.
const SKIPPED: [&str; 42] = [
    "7z", "avi", "avif", "bin", "bmp", "br", "bz2", "css", "db", "eot", "exe", "gif", "gz", "ico", "jpeg",
    "jpg", "less", "lock", "mkv", "mov", "mp3", "mp4", "ogg", "onnx", "otf", "pdf", "png", "sass", "scss",
    "so", "sqlite", "tar", "ttf", "wasm", "wav", "webm", "webp", "woff", "woff2", "xz", "zip", "zst",
];

impl Sources {
    /// A folder, a file or a glob, relative to `base`.
    pub(super) fn include(&mut self, base: &Path, pattern: &str) -> Result<()> {
        let path = normalized(&base.join(pattern));
        if path.is_dir() {
            self.roots.push((path, None));
            return Ok(());
        }
        let is_literal =
            |segment: &std::ffi::OsStr| !segment.to_string_lossy().contains(['*', '{', '?', '[']);
        let root: PathBuf = path.iter().take_while(|segment| is_literal(segment)).collect();
        self.roots.push((root, Some(matcher(&path)?)));
        Ok(())
    }

    /// The counterpart of [`Sources::include`].
    pub(super) fn exclude(&mut self, base: &Path, pattern: &str) -> Result<()> {
        let path = normalized(&base.join(pattern));
        let path = if path.is_dir() { path.join("**") } else { path };
        self.excluded.push(matcher(&path)?);
        Ok(())
    }

    /// The folders and files below which a change may add a class.
    pub(super) fn watched(&self) -> impl Iterator<Item = PathBuf> {
        self.roots.iter().flat_map(|(root, glob)| match glob {
            Some(_) => vec![root.clone()],
            None => top_level(root),
        })
    }

    /// Every word of every file.
    pub(super) fn candidates(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (root, glob) in &self.roots {
            for file in walk(root, None).filter(|file| self.is_scanned(file, glob.as_ref())) {
                if let Ok(text) = std::fs::read_to_string(&file) {
                    extract(&text, &mut found);
                }
            }
        }
        found
    }

    fn is_scanned(&self, file: &Path, glob: Option<&GlobMatcher>) -> bool {
        let extension = file.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let is_wanted = glob.map_or_else(|| !SKIPPED.contains(&extension), |glob| glob.is_match(file));
        is_wanted && file.is_file() && !self.excluded.iter().any(|glob| glob.is_match(file))
    }
}

fn matcher(path: &Path) -> Result<GlobMatcher> {
    let pattern = path.to_string_lossy();
    let glob = GlobBuilder::new(&pattern).literal_separator(true).build().map_err(|error| Error::Tool {
        tool: "Tailwind's `@source`",
        problem: error.to_string(),
        mend: Some("write a folder, a file, or a glob such as `./**/*.{html,tsx}`".to_owned()),
    })?;
    Ok(glob.compile_matcher())
}

/// What git would track, by the rules in the project alone: a developer's own must not change the output.
fn walk(root: &Path, depth: Option<usize>) -> impl Iterator<Item = PathBuf> {
    let walk = WalkBuilder::new(root)
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .max_depth(depth)
        .sort_by_file_name(Ord::cmp)
        .filter_entry(|entry| entry.file_name() != "node_modules" && !is_cache(entry.path()))
        .build();
    walk.flatten().map(ignore::DirEntry::into_path)
}

/// Cargo marks its target folder so, which holds what earlier builds wrote
/// (<https://bford.info/cachedir/>).
fn is_cache(path: &Path) -> bool {
    path.join("CACHEDIR.TAG").is_file()
}

/// Cargo watches a folder with all that is in it, so a project's root is watched by its children that
/// are not ignored.
fn top_level(root: &Path) -> Vec<PathBuf> {
    walk(root, Some(1)).filter(|path| path != root).collect()
}

fn normalized(path: &Path) -> PathBuf {
    use std::path::Component::{CurDir, ParentDir};
    path.components().fold(PathBuf::new(), |mut done, component| {
        match component {
            ParentDir => {
                done.pop();
            }
            CurDir => {}
            component => done.push(component),
        }
        done
    })
}

/// A class name is not longer; what is longer is data.
const LONGEST: usize = 400;

fn extract(text: &str, found: &mut BTreeSet<String>) {
    bracketed_words(text, |word| keep(word, found));
    for word in text.split(is_boundary) {
        keep(word, found);
        for part in word.split([',', '{', '}', ';', '=', '<', '>', '|']) {
            // A class may begin after a dot (`p.flex`), but does not end before one (`top-2.5`).
            part.match_indices('.').for_each(|(dot, _)| keep(&part[dot + 1..], found));
            keep(part, found);
        }
        if let Some(directive) = word.strip_prefix("class:") {
            keep(directive.split('=').next().unwrap_or_default(), found);
        }
    }
}

fn is_boundary(character: char) -> bool {
    character.is_whitespace() || matches!(character, '"' | '\'' | '`')
}

/// Words in which quotes may stand between brackets: `before:content-['x']`.
fn bracketed_words(text: &str, mut take: impl FnMut(&str)) {
    let (mut start, mut depth) = (0, 0_usize);
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ if character.is_whitespace() || (depth == 0 && is_boundary(character)) => {
                take(&text[start..index]);
                start = index + character.len_utf8();
                depth = 0;
            }
            _ => {}
        }
    }
    take(&text[start..]);
}

fn keep(word: &str, found: &mut BTreeSet<String>) {
    let word = word
        .trim_end_matches([',', ';', ':', '.', '>', '<', '}', '{', '(', '\\', '=', '?', '|'])
        .trim_start_matches([',', ';', ':', '.', '{', '}', '(', ')', '<', '>', '=', '\\', '|', '?']);
    if word.len() > 1 && word.len() < LONGEST && !found.contains(word) {
        found.insert(word.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_found_in_every_kind_of_source() {
        for (source, class) in [
            (r#"<p class="flex p-4">"#, "p-4"),
            ("class={`a ${b ? 'mt-1' : 'mt-2'}`}", "mt-2"),
            (r#"<p class="before:content-['a_b']">"#, "before:content-['a_b']"),
            ("x => ({ 'md:w-1/2': true })", "md:w-1/2"),
            ("p.items-center", "items-center"),
            ("class:underline={on}", "underline"),
            (r#"bg-[url("/a.png")]"#, r#"bg-[url("/a.png")]"#),
            ("data-[state=open]:p-2", "data-[state=open]:p-2"),
            ("w-[calc(100%-1rem)]", "w-[calc(100%-1rem)]"),
        ] {
            let mut found = BTreeSet::new();
            extract(source, &mut found);
            assert!(found.contains(class), "{class} was not found in {source}: {found:?}");
        }
    }

    #[test]
    fn a_fraction_is_not_cut_off() {
        let mut found = BTreeSet::new();
        extract("place: \"top-2.5 -left-1.5\"", &mut found);
        assert!(found.contains("top-2.5") && !found.contains("top-2"), "{found:?}");
    }
}
