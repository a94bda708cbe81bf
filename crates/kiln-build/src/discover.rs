//! First stage: finds the sources under `assets/`, sorts them, and says what each is.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ignore::{DirEntry, WalkBuilder};
use kiln_manifest::{Exposure, LogicalPath};

use crate::{Config, Error, Result};

/// A file under `assets/`.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its name below `assets/`.
    pub path: LogicalPath,
    /// Where it lies.
    pub file: PathBuf,
    /// Which language it is written in.
    pub language: Language,
    /// How its output is served.
    pub exposure: Exposure,
}

/// What the compile stage does with a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// HTML, rewritten.
    Page,
    /// CSS, compiled when something refers to it.
    Style,
    /// TypeScript or JavaScript, bundled when something refers to it.
    Script,
    /// Anything else: embedded as it is.
    Opaque,
}

/// Finds all sources, sorted by path.
///
/// # Errors
/// Every file that cannot be embedded: unreadable, not named in UTF-8, or a link that leaves the tree.
pub fn discover(config: &Config) -> Result<Vec<Source>> {
    let assets = config.assets();
    let root = assets.clone();
    if !assets.is_dir() {
        return Err(Error::Tree {
            path: "assets".into(),
            problem: "there is no such folder".to_owned(),
            mend: "make it beside Cargo.toml, and put index.html into it".to_owned(),
        });
    }
    let mut sources = Vec::new();
    let mut errors = Vec::new();
    for entry in walk(&assets) {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_dir()) => {}
            Ok(entry) => match source(config, &assets, &root, entry.path()) {
                Ok(source) => sources.push(source),
                Err(error) => errors.push(error),
            },
            Err(error) => errors.push(walk_error(&assets, &error)),
        }
    }
    Error::all(errors)?;
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(sources)
}

fn walk(assets: &Path) -> ignore::Walk {
    WalkBuilder::new(assets)
        .standard_filters(false)
        .follow_links(true)
        .filter_entry(|entry| entry.depth() == 0 || !is_dropping(entry))
        .build()
}

/// Dotfiles but for `.well-known`, and what editors leave beside the file that they save.
fn is_dropping(entry: &DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    (name.starts_with('.') && name != ".well-known")
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || Path::new(&*name).extension().is_some_and(|extension| {
            matches!(extension.to_str(), Some("swp" | "swo" | "tmp" | "orig" | "bak"))
        })
        || matches!(&*name, "4913" | "Thumbs.db")
}

fn source(config: &Config, assets: &Path, root: &Path, file: &Path) -> Result<Source> {
    let real = file.canonicalize().map_err(Error::io("read", file))?;
    if !real.starts_with(root) {
        return Err(Error::Tree {
            path: config.name_of(file).into(),
            problem: "the link leaves assets/".to_owned(),
            mend: "copy the file into assets/, so that the build depends on nothing outside".to_owned(),
        });
    }
    let path = logical_path(assets, file)?;
    let language = language(config, &path);
    Ok(Source { language, exposure: exposure(config, &path, language), path, file: real })
}

fn logical_path(assets: &Path, file: &Path) -> Result<LogicalPath> {
    let unusable = |problem: String| Error::Tree {
        path: file.to_owned(),
        problem,
        mend: "rename the file: its name becomes part of a URL".to_owned(),
    };
    let relative = file.strip_prefix(assets).unwrap_or(file);
    let segments: Option<Vec<&str>> = relative.iter().map(|segment| segment.to_str()).collect();
    let segments = segments.ok_or_else(|| unusable("the name is not UTF-8".to_owned()))?;
    LogicalPath::new(segments.join("/")).map_err(|invalid| unusable(invalid.to_string()))
}

fn exposure(config: &Config, path: &LogicalPath, language: Language) -> Exposure {
    if config.options.private.is_match(path.as_str()) {
        Exposure::Private
    } else if config.options.verbatim.is_match(path.as_str()) {
        Exposure::Verbatim
    } else if language == Language::Page {
        Exposure::Page
    } else {
        Exposure::Hashed
    }
}

fn language(config: &Config, path: &LogicalPath) -> Language {
    let language = match path.extension().unwrap_or_default().to_ascii_lowercase().as_str() {
        "html" | "htm" => Language::Page,
        "css" => Language::Style,
        "cjs" | "cts" | "js" | "jsx" | "mjs" | "mts" | "ts" | "tsx" => Language::Script,
        _ => Language::Opaque,
    };
    match exposure(config, path, language) {
        Exposure::Private => Language::Opaque,
        // A service worker is served as it is written, under the name by which it is registered.
        Exposure::Verbatim if language != Language::Page => Language::Opaque,
        _ => language,
    }
}

fn walk_error(assets: &Path, error: &ignore::Error) -> Error {
    let problem = match error {
        ignore::Error::WithPath { err, .. } | ignore::Error::WithDepth { err, .. } => err.to_string(),
        other => other.to_string(),
    };
    Error::Tree {
        path: assets.to_owned(),
        problem,
        mend: "remove the file or make it readable; nothing below assets/ is skipped silently".to_owned(),
    }
}

/// Reads `file` whole.
pub(crate) fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).map_err(Error::io("read", file))
}
