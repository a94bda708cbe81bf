//! First stage: finds the sources under `assets/`, sorts them, and says what each is.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use globset::GlobSet;
use kiln_manifest::{Exposure, LogicalPath, is_editor_temporary};
use walkdir::WalkDir;

use super::{
    language::{Language, Reading},
    prepare::Prepared,
};
use crate::{Config, Error, Result, error::nearest, tracked::Tracked};

/// All sources of a build, sorted by path, and what cargo has to be told of them.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    pub(crate) files: Vec<Source>,
    pub(crate) tracked: Tracked,
    /// The locks of external steps.
    _locks: Vec<File>,
}

/// A file under `assets/`.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// Its name below `assets/`.
    pub(crate) path: LogicalPath,
    /// Where it lies.
    pub(crate) file: PathBuf,
    /// Which language it is written in.
    pub(crate) language: Language,
    /// How its output is served.
    pub(crate) exposure: Exposure,
}

/// Finds all sources.
///
/// # Errors
/// Every file that cannot be embedded: unreadable, not named in UTF-8, or a link that leaves the tree; and a `spa`
/// that is no page.
pub(crate) fn discover(config: &Config, prepared: Prepared) -> Result<Sources> {
    let Prepared { tracked, locks } = prepared;
    let files = find(config)?;
    check_spa(config, &files)?;
    Ok(Sources { files, tracked, _locks: locks })
}

fn find(config: &Config) -> Result<Vec<Source>> {
    let assets = config.assets();
    if !assets.is_dir() && config.options.steps.is_empty() {
        return Err(Error::Tree {
            path: "assets".into(),
            problem: "there is no such folder".to_owned(),
            help: "make it beside Cargo.toml, and put index.html into it".to_owned(),
        });
    }
    let mut sources = if assets.is_dir() { below(config, &assets, treatment)? } else { Vec::new() };
    keep_names(&mut sources, &config.options.hashed);
    for step in &config.options.steps {
        let output = config.root.join(step.output.as_str());
        let output = output.canonicalize().map_err(Error::io("read", output))?;
        sources.extend(below(config, &output, finished)?);
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    distinct(config, &sources)?;
    Ok(sources)
}

/// Says what is made of a file, and how that is served.
type Treatment = fn(&Config, &LogicalPath) -> Result<(Language, Exposure)>;

fn below(config: &Config, folder: &Path, treatment: Treatment) -> Result<Vec<Source>> {
    let is_folder = |entry: &walkdir::Result<walkdir::DirEntry>| {
        entry.as_ref().is_ok_and(|entry| entry.file_type().is_dir())
    };
    Error::collect(walk(folder).filter(|entry| !is_folder(entry)).map(|entry| match entry {
        Ok(entry) => source(config, folder, entry.path(), treatment),
        Err(error) => Err(walk_error(config, folder, &error)),
    }))
}

/// What a step makes stands beside what lies in `assets/`, and replaces nothing.
fn distinct(config: &Config, sources: &[Source]) -> Result<()> {
    let twins = sources.windows(2).filter(|pair| pair[0].path == pair[1].path);
    Error::all(
        twins
            .map(|pair| Error::Tree {
                path: config.name_of(&pair[1].file).into(),
                problem: format!("has the name of `{}`", config.name_of(&pair[0].file)),
                help: "remove or rename one: what a step makes does not replace what is there".to_owned(),
            })
            .collect(),
    )
}

/// Navigations to unknown URLs can only get a page.
///
/// # Errors
/// When `spa` names something else.
fn check_spa(config: &Config, sources: &[Source]) -> Result<()> {
    let Some(spa) = &config.options.spa else { return Ok(()) };
    if sources.iter().any(|source| source.path == *spa && source.exposure == Exposure::Page) {
        return Ok(());
    }
    let pages = sources.iter().filter(|source| source.exposure == Exposure::Page);
    Err(Error::Tree {
        path: format!("assets/{spa}").into(),
        problem: "named in `spa` of [package.metadata.kiln], but no page".to_owned(),
        help: nearest(spa.as_str(), pages.map(|page| page.path.as_str()))
            .unwrap_or_else(|| "add the page, or take `spa` out".to_owned()),
    })
}

fn walk(assets: &Path) -> impl Iterator<Item = walkdir::Result<walkdir::DirEntry>> {
    WalkDir::new(assets).follow_links(true).into_iter().filter_entry(|entry| {
        entry.depth() == 0 || !is_editor_temporary(&entry.file_name().to_string_lossy())
    })
}

fn source(config: &Config, folder: &Path, file: &Path, treatment: Treatment) -> Result<Source> {
    let real = file.canonicalize().map_err(Error::io("read", file))?;
    if !real.starts_with(folder) {
        let name = config.name_of(folder);
        return Err(Error::Tree {
            path: config.name_of(file).into(),
            problem: format!("the link leaves {name}/"),
            help: format!("copy the file into {name}/, so that the build depends on nothing outside"),
        });
    }
    let path = logical_path(config, folder, file)?;
    let (language, exposure) = treatment(config, &path)?;
    Ok(Source { language, exposure, path, file: real })
}

fn logical_path(config: &Config, folder: &Path, file: &Path) -> Result<LogicalPath> {
    let unusable = |problem: String| Error::Tree {
        path: config.name_of(file).into(),
        problem,
        help: "rename the file: its name becomes part of a URL".to_owned(),
    };
    let relative = file.strip_prefix(folder).unwrap_or(file);
    let segments: Option<Vec<&str>> = relative.iter().map(|segment| segment.to_str()).collect();
    let segments = segments.ok_or_else(|| unusable("the name is not UTF-8".to_owned()))?;
    LogicalPath::new(segments.join("/")).map_err(|invalid| unusable(invalid.to_string()))
}

/// What is made of a file in the folder of a step. The tool has named its files, and knows their names in ways that
/// nobody else can rewrite, so that they keep them.
fn finished(config: &Config, path: &LogicalPath) -> Result<(Language, Exposure)> {
    Ok(match Reading::of(path) {
        _ if config.options.private.is_match(path.as_str()) => (Language::StaticFile, Exposure::Private),
        _ if config.options.hashed.is_match(path.as_str()) => {
            (Language::StaticFile, below_prefix(config, path)?)
        }
        _ if config.options.verbatim.is_match(path.as_str()) => (Language::StaticFile, Exposure::Verbatim),
        Reading::Compiled(Language::Page) => (Language::Page, Exposure::Page),
        _ if is_page(path) => (Language::StaticFile, Exposure::Page),
        _ => (Language::StaticFile, Exposure::Verbatim),
    })
}

/// What is made of a file in `assets/`.
fn treatment(config: &Config, path: &LogicalPath) -> Result<(Language, Exposure)> {
    let is_verbatim = config.options.verbatim.is_match(path.as_str());
    Ok(match Reading::of(path) {
        _ if config.options.private.is_match(path.as_str()) => (Language::StaticFile, Exposure::Private),
        _ if config.options.hashed.is_match(path.as_str()) => {
            (Language::StaticFile, below_prefix(config, path)?)
        }
        Reading::Compiled(Language::Page) if is_verbatim => (Language::Page, Exposure::Verbatim),
        // A service worker is served as it is written, under the name by which it is registered.
        _ if is_verbatim => (Language::StaticFile, Exposure::Verbatim),
        Reading::Compiled(Language::Page) => (Language::Page, Exposure::Page),
        Reading::Compiled(language) => (language, Exposure::Hashed),
        Reading::StaticFile => (Language::StaticFile, Exposure::Hashed),
        Reading::Finished if is_page(path) => (Language::StaticFile, Exposure::Page),
        Reading::Finished => (Language::StaticFile, Exposure::Verbatim),
        Reading::Refused => return Err(without_toolchain(path)),
    })
}

fn without_toolchain(path: &LogicalPath) -> Error {
    Error::Tree {
        path: format!("assets/{path}").into(),
        problem: "requires the `toolchain` feature of kiln-build, which is off".to_owned(),
        help: "add \"toolchain\" to the features of kiln-build in Cargo.toml, or embed what another tool made of it"
            .to_owned(),
    }
}

/// All that is immutable lies below the prefix, where a miss is never answered by a page.
fn below_prefix(config: &Config, path: &LogicalPath) -> Result<Exposure> {
    let prefix = &config.options.prefix;
    if format!("/{path}").starts_with(prefix) {
        return Ok(Exposure::Hashed);
    }
    Err(Error::Tree {
        path: path.as_str().into(),
        problem: format!("named in `hashed` of [package.metadata.kiln], but not below `{prefix}`"),
        help: "set `prefix` to the folder in which the other tool puts the files that it has named by their content".to_owned(),
    })
}

fn is_page(path: &LogicalPath) -> bool {
    path.extension().is_some_and(|extension| extension.to_ascii_lowercase().starts_with("htm"))
}

/// References in a finished file are not rewritten, so that whatever it may refer to keeps its name.
fn keep_names(sources: &mut [Source], hashed: &GlobSet) {
    let is_finished = |source: &Source| Reading::of(&source.path) == Reading::Finished;
    if sources.iter().any(is_finished) {
        let opaque = sources.iter_mut().filter(|source| source.language == Language::StaticFile);
        opaque
            .filter(|source| source.exposure == Exposure::Hashed)
            .filter(|source| !hashed.is_match(source.path.as_str()))
            .for_each(|source| source.exposure = Exposure::Verbatim);
    }
}

fn walk_error(config: &Config, folder: &Path, error: &walkdir::Error) -> Error {
    let path = config.name_of(error.path().unwrap_or(folder)).into();
    let (problem, help) = match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => (
            format!("the link leads back to {}, in which it lies", config.name_of(ancestor)),
            "remove the link",
        ),
        // Its own text names the path once more, which is absolute.
        (None, cause) => (
            cause.map_or_else(|| error.to_string(), |cause| cause.kind().to_string()),
            "remove it or make it readable; nothing below assets/ is skipped silently",
        ),
    };
    Error::Tree { path, problem, help: help.to_owned() }
}
