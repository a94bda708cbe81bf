//! Files that are scanned for classes, selected by the rules of the official scanner.

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
};

use globset::GlobMatcher;
use ignore::{WalkBuilder, overrides::OverrideBuilder};

use super::{
    extract::{extract, extract_used},
    rules::{extension, is_binary, is_ignored, is_left_out, is_skipped_folder},
    template::prepared,
};
use crate::{Error, Result, glob::glob};

/// Rules for files to scan. Of two rules for one file, the later wins.
#[derive(Debug)]
pub(in crate::compile::tailwind) struct ClassSources {
    package: PathBuf,
    pub(super) rules: Vec<SourceRule>,
}

#[derive(Debug)]
pub(super) enum SourceRule {
    /// Files below a folder that are not ignored.
    Folder(PathBuf),
    /// All files below an ignored folder.
    IgnoredFolder(PathBuf),
    /// Files below `root` that match a pattern, ignored or not.
    Glob { root: PathBuf, pattern: String, matcher: GlobMatcher },
    /// An exclusion of files and folders.
    Not(GlobMatcher),
}

impl ClassSources {
    pub(in crate::compile::tailwind) fn new(package: &Path) -> Self {
        Self { package: package.to_owned(), rules: Vec::new() }
    }

    /// Includes a folder, a file or a glob, relative to `base`.
    ///
    /// # Errors
    /// When the glob is invalid.
    pub(in crate::compile::tailwind) fn include(&mut self, base: &Path, pattern: &str) -> Result<()> {
        let folder = pattern.strip_suffix("**/*").or(pattern.strip_suffix("**")).unwrap_or(pattern);
        let path = normalized(&base.join(folder));
        if path.is_dir() {
            let is_ignored = path != self.package && is_ignored(&path, &self.package);
            self.rules.push(if is_ignored {
                SourceRule::IgnoredFolder(path)
            } else {
                SourceRule::Folder(path)
            });
            return Ok(());
        }
        let path = normalized(&base.join(pattern));
        let is_literal = |segment: &OsStr| !segment.to_string_lossy().contains(['*', '{', '?', '[']);
        let mut root: PathBuf = path.iter().take_while(|segment| is_literal(segment)).collect();
        if root == path {
            root.pop();
        }
        let pattern = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        self.rules.push(SourceRule::Glob { root, pattern, matcher: matcher(&path)? });
        Ok(())
    }

    /// Excludes a folder, a file or a glob, relative to `base`.
    ///
    /// # Errors
    /// When the glob is invalid.
    pub(in crate::compile::tailwind) fn exclude(&mut self, base: &Path, pattern: &str) -> Result<()> {
        self.rules.push(SourceRule::Not(matcher(&normalized(&base.join(pattern)))?));
        Ok(())
    }

    /// The files to scan.
    ///
    /// # Errors
    /// When a folder or file is unreadable.
    pub(in crate::compile::tailwind) fn files(&self) -> Result<BTreeSet<PathBuf>> {
        let mut files = BTreeSet::new();
        for rule in &self.rules {
            for entry in rule.walk()? {
                let file = entry.map_err(|error| unreadable(&error))?.into_path();
                if file.is_file() && rule.wants(&file) && !self.leaves_out(&file) {
                    files.insert(file);
                }
            }
        }
        Ok(files)
    }

    fn leaves_out(&self, file: &Path) -> bool {
        let last = self.rules.iter().rev().find_map(|rule| match rule {
            SourceRule::Not(glob) if file.ancestors().any(|path| glob.is_match(path)) => Some(true),
            SourceRule::Glob { matcher, .. } if matcher.is_match(file) => Some(false),
            _ => None,
        });
        last == Some(true)
    }
}

/// The candidates of `files`.
///
/// # Errors
/// When a file is unreadable.
pub(in crate::compile::tailwind) fn candidates(files: &BTreeSet<PathBuf>) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for file in files {
        let extension = extension(file);
        let text = fs::read(file).map_err(Error::io("read", file))?;
        if extension == "css" {
            extract_used(&text, &mut found);
        } else {
            extract(&prepared(&text, extension), &mut found);
        }
    }
    Ok(found)
}

impl SourceRule {
    fn wants(&self, file: &Path) -> bool {
        match self {
            Self::Folder(_) => !is_left_out(file),
            Self::IgnoredFolder(_) => !is_binary(file),
            Self::Glob { .. } => true,
            Self::Not(_) => false,
        }
    }

    /// A walk over the files of a rule. Only `.gitignore` files of the project apply: a developer's global rules must
    /// not change the output.
    fn walk(&self) -> Result<Box<dyn Iterator<Item = Result<ignore::DirEntry, ignore::Error>>>> {
        let walk = match self {
            Self::Folder(folder) => builder(folder).filter_entry(|entry| !is_skipped_folder(entry)).build(),
            Self::IgnoredFolder(folder) => builder(folder).standard_filters(false).build(),
            Self::Glob { root, pattern, .. } if root.exists() => {
                let mut overrides = OverrideBuilder::new(root);
                let overrides = overrides.add(&format!("/{pattern}")).and_then(|globs| globs.build());
                let overrides = overrides.map_err(|error| bad_pattern(error.to_string()))?;
                builder(root).overrides(overrides).filter_entry(|entry| !is_skipped_folder(entry)).build()
            }
            Self::Glob { .. } | Self::Not(_) => return Ok(Box::new(std::iter::empty())),
        };
        Ok(Box::new(walk.filter(|entry| !entry.as_ref().is_err_and(leads_nowhere))))
    }
}

pub(super) fn builder(folder: &Path) -> WalkBuilder {
    let mut builder = WalkBuilder::new(folder);
    builder
        .require_git(false)
        .git_global(false)
        .git_exclude(false)
        .hidden(false)
        .ignore(false)
        .follow_links(true)
        .sort_by_file_name(Ord::cmp);
    builder
}

/// Whether an error is about a link loop or a dangling link, which hide no file.
fn leads_nowhere(error: &ignore::Error) -> bool {
    match error {
        ignore::Error::Loop { .. } => true,
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => leads_nowhere(err),
        ignore::Error::Io(cause) => cause.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

fn unreadable(error: &ignore::Error) -> Error {
    Error::Tool {
        tool: "the scan for Tailwind classes",
        problem: error.to_string(),
        help: Some("make it readable for this user, or exclude it by `@source not`".to_owned()),
    }
}

fn matcher(path: &Path) -> Result<GlobMatcher> {
    let pattern = path.to_string_lossy();
    Ok(glob(&pattern)
        .map_err(|error| bad_pattern(format!("invalid glob: {}", error.kind())))?
        .compile_matcher())
}

fn bad_pattern(problem: String) -> Error {
    Error::Tool {
        tool: "Tailwind's `@source`",
        problem,
        help: Some("write a folder, a file, or a glob such as `./**/*.{html,tsx}`".to_owned()),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const FILES: [&str; 15] = [
        ".env",
        ".hidden.html",
        "a/.next/n.html",
        "a/a.html",
        "a/node_modules/x/n.html",
        "a/x.ign.html",
        "b/b.html",
        "b/c.scss",
        "b/pnpm-lock.yaml",
        "b/st.css",
        "b/x.bin",
        "gen/g.html",
        "gen/p.png",
        "node_modules/lib/l.js",
        "node_modules/lib/node_modules/y/y.js",
    ];

    /// The files that rules select, with `!` before an exclusion. Each file holds a class of its own name.
    fn found(rules: &[&str]) -> Vec<String> {
        let folder = tempfile::tempdir().expect("folder");
        let root = folder.path().canonicalize().expect("root");
        fs::write(root.join(".gitignore"), "gen/\n*.ign.html\n").expect("write");
        let class = |index: usize| format!("file-{index}");
        for (index, name) in FILES.iter().enumerate() {
            let path = root.join(name);
            fs::create_dir_all(path.parent().expect("parent")).expect("folder");
            let is_css = extension(&path) == "css";
            let content = if is_css { format!("var(--file-{index})") } else { class(index) };
            fs::write(path, content).expect("write");
        }
        let mut sources = ClassSources::new(&root);
        for rule in rules {
            match rule.strip_prefix('!') {
                Some(pattern) => sources.exclude(&root, pattern),
                None => sources.include(&root, rule),
            }
            .expect("rule");
        }
        let words = candidates(&sources.files().expect("files")).expect("candidates");
        let is_found =
            |index: usize| words.contains(&class(index)) || words.contains(&format!("--file-{index}"));
        (0..FILES.len()).filter(|index| is_found(*index)).map(|index| FILES[index].to_owned()).collect()
    }

    #[test]
    fn files_are_selected_like_by_the_official_scanner() {
        let all = [".hidden.html", "a/a.html", "b/b.html", "b/st.css"];
        for (rules, expected) in [
            (&["**/*"][..], &all[..]),
            (&["."], &all),
            (&["./gen"], &["gen/g.html"]),
            (&["gen/**/*.html"], &["gen/g.html"]),
            (&["gen/**/*"], &["gen/g.html"]),
            (&["**/*.html"], &[".hidden.html", "a/a.html", "a/x.ign.html", "b/b.html"]),
            (&["a/*.html"], &["a/a.html", "a/x.ign.html"]),
            (&["a/x.ign.html"], &["a/x.ign.html"]),
            (&["node_modules/lib"], &["node_modules/lib/l.js", "node_modules/lib/node_modules/y/y.js"]),
            (&["node_modules/lib/**/*.js"], &["node_modules/lib/l.js"]),
            (&["**/*", "!a"], &[".hidden.html", "b/b.html", "b/st.css"]),
            (&["**/*", "!./**/*.html"], &["b/st.css"]),
            (&["b/*.{bin,scss}"], &["b/c.scss", "b/x.bin"]),
            (&["**/*", "!b/b.html", "b/*.html"], &all),
            (&["nope/*.html"], &[]),
        ] {
            assert_eq!(found(rules), expected, "{rules:?}");
        }
    }
}
