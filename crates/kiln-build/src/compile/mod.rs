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
mod opaque;
#[cfg(feature = "pages")]
mod page;
mod reload;
#[cfg(feature = "sass")]
mod sass;
#[cfg(feature = "scripts")]
mod script;
mod stage;
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
};

use kiln_manifest::{CorsSetting, Destination, Exposure, LogicalPath};

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
    stage::Stage,
};

use crate::{
    Config, Error, Result,
    cache::Cache,
    discover::{Language, Source},
    parallel::joined,
    reference::ReferenceTable,
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
    /// What a page is sure to need, in load order.
    pub(crate) preloads: Vec<Early>,
    /// Inline scripts and styles of a page, which its Content-Security-Policy must allow.
    pub(crate) inline: Vec<Inline>,
}

/// A script or style sheet that browsers may fetch before they have read the page.
#[derive(Clone, Debug)]
pub(crate) struct Early {
    pub(crate) target: LogicalPath,
    pub(crate) destination: Destination,
    pub(crate) cors: CorsSetting,
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

/// Compiles every source that is served or embedded.
///
/// # Errors
/// Every mistake in the sources, not only the first.
pub(crate) fn compile(config: &Config, cache: &Cache, sources: &[Source]) -> Result<Compilation> {
    let stage = Stage::new(config, cache, sources);
    let outputs = stage.outputs()?;
    Ok(stage.end(outputs))
}

impl<'a> Stage<'a> {
    fn outputs(&self) -> Result<Vec<Compiled>> {
        let pages = collect(self.in_language(Language::Page).map(|source| Page::read(self, source)))?;
        let entries = self.entries(&pages)?;
        let reload = reload::scripts(self, !pages.is_empty())?;
        let (scripts, styles) = std::thread::scope(|scope| {
            let styles = scope.spawn(|| self.styles(&entries.styles));
            let scripts = script::compile(self, &entries.scripts);
            (scripts, joined(styles))
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
