//! Second stage: turns each source into what browsers read, one file for each language, and reports every
//! reference that it found.

mod absent;
#[cfg(feature = "tailwind")]
mod candidates;
#[cfg(any(feature = "pages", feature = "styles"))]
mod css;
mod entry;
mod graph;
mod image;
#[cfg(any(feature = "scripts", feature = "styles"))]
mod mapped;
pub(crate) mod migration;
#[cfg(feature = "pages")]
mod page;
mod reload;
#[cfg(feature = "sass")]
mod sass;
#[cfg(feature = "scripts")]
mod script;
#[cfg(feature = "styles")]
mod style;
#[cfg(feature = "pages")]
mod svg;
#[cfg(feature = "tailwind")]
mod tailwind;
#[cfg(feature = "pages")]
mod web_manifest;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use kiln_manifest::{Exposure, LogicalPath};
use rayon::prelude::*;

#[cfg(not(feature = "pages"))]
use self::absent::page;
#[cfg(not(feature = "scripts"))]
use self::absent::script;
#[cfg(not(feature = "styles"))]
use self::absent::style;
#[cfg(all(feature = "styles", not(feature = "tailwind")))]
use self::absent::tailwind;
use self::{
    entry::{Entries, Entry},
    graph::Graph,
    page::Page,
};

use crate::{
    Config, Error, Result,
    discover::{Language, Source},
    reference::{ReferenceTable, References},
    resolve::{Tree, output_of},
    source_map::Map,
    stored::Stored,
};

/// One output before its references are resolved: tokens stand in its content.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) path: LogicalPath,
    pub(crate) exposure: Exposure,
    pub(crate) media_type: String,
    pub(crate) content: Content,
    /// Static imports of a script; scripts and styles of a page. In load order.
    pub(crate) imports: Vec<LogicalPath>,
    /// Inline scripts and styles of a page, which its Content-Security-Policy must allow.
    pub(crate) inline: Vec<Inline>,
}

/// What an output holds.
#[derive(Debug)]
pub(crate) enum Content {
    /// A file that refers to nothing, as it is.
    Stored(Stored),
    /// Text in which tokens stand for references.
    Marked(String),
}

/// What the scripts of a tree become.
#[derive(Debug, Default)]
struct Scripts<'a> {
    outputs: Vec<Compiled>,
    /// Style sheets to which scripts refer by URL.
    linked: Vec<&'a Source>,
    graph: Graph,
}

/// The text of an inline script or style.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Inline {
    Script(String),
    Style(String),
    /// The value of a `style` attribute, as browsers read it.
    StyleAttribute(String),
}

/// What the compile stage returns.
#[derive(Debug)]
pub(crate) struct Compilation {
    pub(crate) outputs: Vec<Compiled>,
    pub(crate) references: ReferenceTable,
    /// The source maps of outputs that have one, with the tokens still in the text.
    pub(crate) maps: BTreeMap<LogicalPath, Map>,
    /// Files and folders outside of `assets/` that were read.
    pub(crate) watched: BTreeSet<PathBuf>,
    /// Variables of the environment that were read.
    pub(crate) variables: BTreeSet<String>,
    pub(crate) warnings: Vec<String>,
}

/// What every language needs while it compiles.
#[derive(Debug)]
struct Stage<'a> {
    config: &'a Config,
    sources: &'a [Source],
    tree: Tree<'a>,
    references: References,
    maps: Mutex<BTreeMap<LogicalPath, Map>>,
    watched: Mutex<BTreeSet<PathBuf>>,
    variables: Mutex<BTreeSet<String>>,
    warnings: Mutex<Vec<String>>,
}

impl Stage<'_> {
    fn watch(&self, paths: impl IntoIterator<Item = PathBuf>) {
        self.watched.lock().unwrap_or_else(PoisonError::into_inner).extend(paths);
    }

    fn read_variables(&self, names: impl IntoIterator<Item = String>) {
        self.variables.lock().unwrap_or_else(PoisonError::into_inner).extend(names);
    }

    #[cfg(any(feature = "scripts", feature = "styles"))]
    fn map(&self, output: LogicalPath, map: Map) {
        self.maps.lock().unwrap_or_else(PoisonError::into_inner).insert(output, map);
    }

    fn warn(&self, warnings: impl IntoIterator<Item = String>) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).extend(warnings);
    }
}

/// Compiles every source that is served or embedded.
///
/// # Errors
/// Every mistake in the sources, not only the first.
pub(crate) fn compile(config: &Config, sources: &[Source]) -> Result<Compilation> {
    let stage = Stage {
        config,
        sources,
        tree: Tree::new(sources, &config.options.routes),
        references: References::default(),
        maps: Mutex::default(),
        watched: Mutex::default(),
        variables: Mutex::default(),
        warnings: Mutex::default(),
    };
    let outputs = stage.outputs()?;
    let mut warnings = stage.warnings.into_inner().unwrap_or_else(PoisonError::into_inner);
    warnings.sort();
    Ok(Compilation {
        outputs,
        references: stage.references.into_table(),
        maps: stage.maps.into_inner().unwrap_or_else(PoisonError::into_inner),
        watched: stage.watched.into_inner().unwrap_or_else(PoisonError::into_inner),
        variables: stage.variables.into_inner().unwrap_or_else(PoisonError::into_inner),
        warnings,
    })
}

impl<'a> Stage<'a> {
    fn outputs(&self) -> Result<Vec<Compiled>> {
        let pages = collect(self.in_language(Language::Page).map(|source| Page::read(self, source)))?;
        let entries = self.entries(&pages)?;
        let reload = reload::scripts(self, !pages.is_empty())?;
        let (scripts, styles) = std::thread::scope(|scope| {
            let styles = scope.spawn(|| self.styles(&entries.styles));
            let scripts = script::compile(self, &entries.scripts);
            (scripts, styles.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        let (scripts, mut outputs) = both(scripts, styles)?;
        let linked = scripts.linked.iter().filter(|sheet| !entries.has_style(sheet)).copied();
        outputs.extend(self.styles(&linked.collect::<Vec<_>>())?);
        outputs.extend(scripts.outputs);
        outputs.extend(collect(pages.into_iter().map(|page| page.compile(self, &scripts.graph)))?);
        outputs.extend(self.opaque(&entries)?);
        outputs.extend(reload);
        Ok(outputs)
    }

    fn in_language(&self, language: Language) -> impl Iterator<Item = &'a Source> {
        self.sources.iter().filter(move |source| source.language == language)
    }

    /// Scripts and styles are built when a page refers to them or the configuration names them.
    fn entries(&self, pages: &[Page<'a>]) -> Result<Entries<'a>> {
        let mut entries = Entries::default();
        for path in &self.config.options.entries {
            let source = self
                .tree
                .get(path)
                .filter(|source| matches!(source.language, Language::Script | Language::Style));
            let source = source.ok_or_else(|| Error::Tree {
                path: format!("assets/{path}").into(),
                problem: "named in `entries` of [package.metadata.kiln], but no script or style to build"
                    .to_owned(),
                mend: "add the file, or take it out of `entries`".to_owned(),
            })?;
            entries.add(Entry::Built(source));
        }
        pages.iter().flat_map(|page| page.entries(self)).for_each(|entry| entries.add(entry));
        entries.check()?;
        Ok(entries)
    }

    fn styles(&self, entries: &[&Source]) -> Result<Vec<Compiled>> {
        collect(entries.iter().map(|entry| style::compile(self, entry)))
    }

    /// What is embedded as it is, classic scripts that a page refers to among it.
    fn opaque(&self, entries: &Entries<'a>) -> Result<Vec<Compiled>> {
        let classic = entries.classic.iter().copied();
        let sources: Vec<&Source> = self.in_language(Language::Opaque).chain(classic).collect();
        let outputs: Vec<_> = sources.into_par_iter().map(|source| self.as_it_is(source, entries)).collect();
        collect(outputs.into_iter())
    }

    fn as_it_is(&self, source: &Source, entries: &Entries<'_>) -> Result<Compiled> {
        let (stored, head) = Stored::examine(&source.file)?;
        image::check(self, source, &head)?;
        let path = output_of(source);
        let marked = if self.keeps_its_bytes(source) { None } else { self.marked(source, entries)? };
        Ok(Compiled {
            media_type: media_type(&path),
            path,
            exposure: source.exposure,
            content: marked.map_or(Content::Stored(stored), Content::Marked),
            imports: Vec::new(),
            inline: Vec::new(),
        })
    }
}

impl Stage<'_> {
    /// What is served as it is written, or not served, refers to nothing that the build names.
    fn keeps_its_bytes(&self, source: &Source) -> bool {
        source.exposure != Exposure::Hashed || self.config.options.hashed.is_match(source.path.as_str())
    }

    /// A file that is no page, with its references marked; none when it has none.
    #[cfg(feature = "pages")]
    fn marked(&self, source: &Source, entries: &Entries<'_>) -> Result<Option<String>> {
        match source.path.extension().map(str::to_ascii_lowercase).as_deref() {
            Some("svg") => svg::compile(self, source),
            Some("webmanifest") => web_manifest::compile(self, source),
            _ if entries.has_manifest(source) => web_manifest::compile(self, source),
            _ => Ok(None),
        }
    }

    #[cfg(not(feature = "pages"))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self)]
    fn marked(&self, _: &Source, _: &Entries<'_>) -> Result<Option<String>> {
        Ok(None)
    }
}

/// The value of `Content-Type`: text is UTF-8.
fn media_type(path: &LogicalPath) -> String {
    let essence = mime_guess::from_path(path.as_str()).first_or_octet_stream();
    let is_text = essence.type_() == mime_guess::mime::TEXT
        || matches!(
            essence.essence_str(),
            "application/json" | "application/manifest+json" | "image/svg+xml"
        );
    if is_text {
        format!("{}; charset=utf-8", essence.essence_str())
    } else {
        essence.essence_str().to_owned()
    }
}

fn collect<T>(results: impl Iterator<Item = Result<T>>) -> Result<Vec<T>> {
    let mut done = Vec::new();
    let mut errors = Vec::new();
    for result in results {
        match result {
            Ok(value) => done.push(value),
            Err(error) => errors.push(error),
        }
    }
    Error::all(errors)?;
    Ok(done)
}

fn both<A, B>(one: Result<A>, other: Result<B>) -> Result<(A, B)> {
    match (one, other) {
        (Ok(one), Ok(other)) => Ok((one, other)),
        (one, other) => Err(Error::several([one.err(), other.err()].into_iter().flatten().collect())),
    }
}
