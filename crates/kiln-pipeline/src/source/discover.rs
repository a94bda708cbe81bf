//! The discover stage: finds and sorts the sources below `assets/` and in the output folders of steps.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use kiln_manifest::{Exposure, LogicalPath, is_editor_temporary};
use walkdir::WalkDir;

use super::{
    language::{Language, Reading},
    prepare::Prepared,
    treatment::{Treatment, finished, treatment, unchanged},
};
use crate::{
    Config, Error, Result, config::GlobList, error::nearest, file_digest::holds_transport_stream,
    tracked::Tracked,
};

/// All sources of a build, sorted by path, with the inputs that cargo watches.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    pub(crate) files: Vec<Source>,
    pub(crate) tracked: Tracked,
    /// Declarations for TypeScript, when `tsconfig.json` asks for them: made by the compile stage, and written by the last.
    pub(crate) declarations: Option<String>,
    /// Locks of external steps.
    _locks: Vec<File>,
}

/// A file below `assets/`, or below the output folder of an external step.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The name below that folder.
    pub(crate) path: LogicalPath,
    /// The canonical path of the file.
    pub(crate) file: PathBuf,
    pub(crate) language: Language,
    /// The exposure of the output.
    pub(crate) exposure: Exposure,
}

/// Finds all sources.
///
/// # Errors
/// Every file that cannot be embedded: unreadable, not named in UTF-8, or a link that leaves the tree; and a `spa`
/// that is not a page.
pub(crate) fn discover(config: &Config, prepared: Prepared) -> Result<Sources> {
    let Prepared { mut tracked, locks } = prepared;
    let files = find(config)?;
    check_spa(config, &files)?;
    let names: Vec<&str> = files.iter().map(|source| source.path.as_str()).collect();
    tracked.warnings.extend(config.options.unmatched(&names));
    Ok(Sources { files, tracked, declarations: None, _locks: locks })
}

fn find(config: &Config) -> Result<Vec<Source>> {
    let assets = config.assets();
    if !assets.is_dir() && config.public().is_none() && config.options.steps.is_empty() {
        return Err(Error::Tree {
            path: "assets".into(),
            problem: "folder not found".to_owned(),
            help: "create it beside Cargo.toml, with index.html in it".to_owned(),
        });
    }
    let mut sources = if assets.is_dir() { below(config, &assets, treatment)? } else { Vec::new() };
    keep_names(&mut sources, &config.options.hashed);
    if let Some(public) = config.public() {
        sources.extend(below(config, &public, unchanged)?);
    }
    for step in &config.options.steps {
        let output = config.root.join(step.output.as_str());
        let output = output.canonicalize().map_err(Error::io("read", output))?;
        sources.extend(below(config, &output, finished)?);
    }
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    check_distinct(config, &sources)?;
    Ok(sources)
}

fn below(config: &Config, folder: &Path, treatment: Treatment) -> Result<Vec<Source>> {
    let is_folder = |entry: &walkdir::Result<walkdir::DirEntry>| {
        entry.as_ref().is_ok_and(|entry| entry.file_type().is_dir())
    };
    Error::collect(walk(folder).filter(|entry| !is_folder(entry)).map(|entry| match entry {
        Ok(entry) => source(config, folder, entry.path(), treatment),
        Err(error) => Err(walk_error(config, folder, &error)),
    }))
}

/// Names of sources are distinct: neither `public/` nor the output of a step replaces a file in `assets/`.
fn check_distinct(config: &Config, sources: &[Source]) -> Result<()> {
    let twins = sources.windows(2).filter(|pair| pair[0].path == pair[1].path);
    Error::all(
        twins
            .map(|pair| Error::Tree {
                path: config.name_of(&pair[1].file).into(),
                problem: format!("same asset name as `{}`", config.name_of(&pair[0].file)),
                help: "remove or rename one: files of `public/` and of steps do not replace others"
                    .to_owned(),
            })
            .collect(),
    )
}

/// Checks that `spa` names a page.
///
/// # Errors
/// When it names another file, or none.
fn check_spa(config: &Config, sources: &[Source]) -> Result<()> {
    let Some(spa) = &config.options.spa else { return Ok(()) };
    if sources.iter().any(|source| source.path == *spa && source.exposure == Exposure::Page) {
        return Ok(());
    }
    let pages = sources.iter().filter(|source| source.exposure == Exposure::Page);
    Err(Error::Tree {
        path: format!("assets/{spa}").into(),
        problem: "page of `spa` in [package.metadata.kiln] not found".to_owned(),
        help: nearest(spa.as_str(), pages.map(|page| page.path.as_str()))
            .unwrap_or_else(|| "add the page, or remove `spa`".to_owned()),
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
            problem: format!("symbolic link to a file outside of {name}/"),
            help: format!("copy the file into {name}/: nothing outside of it is embedded"),
        });
    }
    let path = logical_path(config, folder, file)?;
    let (mut language, exposure) = treatment(config, &path)?;
    if language == Language::Script && holds_transport_stream(&real)? {
        language = Language::StaticFile;
    }
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
    let segments = segments.ok_or_else(|| unusable("file name is not UTF-8".to_owned()))?;
    LogicalPath::new(segments.join("/")).map_err(|invalid| unusable(invalid.to_string()))
}

/// Keeps the names of static files where a finished file may refer to them: references in it are not rewritten.
fn keep_names(sources: &mut [Source], hashed: &GlobList) {
    let is_finished = |source: &Source| Reading::of(&source.path) == Reading::Finished;
    if !sources.iter().any(is_finished) {
        return;
    }
    for source in sources {
        let is_static = source.language == Language::StaticFile && source.exposure == Exposure::Hashed;
        if is_static && !hashed.is_match(source.path.as_str()) {
            source.exposure = Exposure::Verbatim;
        }
    }
}

fn walk_error(config: &Config, folder: &Path, error: &walkdir::Error) -> Error {
    let path = config.name_of(error.path().unwrap_or(folder)).into();
    let (problem, help) = match (error.loop_ancestor(), error.io_error()) {
        (Some(ancestor), _) => {
            (format!("symbolic link loop through {}", config.name_of(ancestor)), "remove the link")
        }
        // The text of the error repeats the path, and as an absolute one.
        (None, cause) => (
            cause.map_or_else(|| error.to_string(), |cause| cause.kind().to_string()),
            "remove it, or make it readable for this user",
        ),
    };
    Error::Tree { path, problem, help: help.to_owned() }
}
