//! Second stage, compile: translates sources for browsers, in one folder for each language, and records every
//! reference.
//!
//! A module uses only the modules above it in this list.

#[cfg(feature = "toolchain")]
mod package;

mod loadable;

mod demand;

mod context;

#[cfg(feature = "toolchain")]
mod file_reference;

mod map_comment;

#[cfg(feature = "toolchain")]
mod ignored_config;

mod media_type;

mod output;

mod graph;

mod entry;

mod css;

#[cfg(feature = "toolchain")]
mod bundler;

#[cfg(feature = "toolchain")]
mod tailwind;

#[cfg(feature = "toolchain")]
mod style;

#[cfg(feature = "toolchain")]
mod script;

mod page;

mod static_file;

use std::collections::BTreeMap;

use kiln_manifest::LogicalPath;

use self::{
    context::{Context, Records},
    entry::{Entries, Entry},
    graph::Graph,
    page::Page,
};
pub(crate) use self::{
    demand::{Demand, DemandKind, DemandScope},
    output::{Compiled, Content, Inline, UnresolvedPreload},
};
use crate::{
    Config, Error, Result,
    cache::Cache,
    reference::ReferenceTable,
    source::{Language, Source, Sources},
    text::Map,
};

/// The outputs of the compile stage.
#[derive(Debug)]
pub(crate) struct Compilation {
    pub(crate) outputs: Vec<Compiled>,
    pub(crate) references: ReferenceTable,
    /// Source maps by output, for text with tokens.
    pub(crate) maps: BTreeMap<LogicalPath, Map>,
    pub(crate) demands: Vec<Demand>,
    pub(crate) sources: Sources,
}

/// The state of compilers that a session holds between builds.
#[derive(Debug, Default)]
pub(crate) struct Compilers {
    #[cfg(feature = "toolchain")]
    engines: tailwind::Engines,
    /// The last bundles; `None` in a session of one build.
    #[cfg(feature = "toolchain")]
    bundles: Option<script::LastBundles>,
}

impl Compilers {
    /// Compilers that reuse results of earlier builds.
    pub(crate) fn for_session() -> Self {
        Self {
            #[cfg(feature = "toolchain")]
            engines: tailwind::Engines::default(),
            #[cfg(feature = "toolchain")]
            bundles: Some(script::LastBundles::default()),
        }
    }
}

/// Compiles every source that is served or embedded.
///
/// # Errors
/// Every mistake in the sources, not only the first.
pub(crate) fn compile(
    config: &Config,
    cache: &Cache,
    compilers: &mut Compilers,
    mut sources: Sources,
) -> Result<Compilation> {
    let context = Context::new(config, cache, &sources.files);
    let outputs = outputs(&context, compilers)?;
    let Records { references, maps, declarations, tracked, demands } = context.finish();
    sources.declarations = declarations;
    sources.tracked.extend(tracked);
    Ok(Compilation { outputs, references, maps, demands, sources })
}

fn outputs(context: &Context<'_>, compilers: &mut Compilers) -> Result<Vec<Compiled>> {
    #[cfg(feature = "toolchain")]
    ignored_config::warn(context);
    let pages = context.in_language(Language::Page).map(|source| Page::read(context, source));
    let pages = Error::collect(pages)?;
    page::warn_of_unused(context, &pages);
    let mut entries = entries(context, &pages)?;
    let (mut outputs, graph, copied) = built(context, compilers, &entries)?;
    for script in &copied {
        entries.add(Entry::Classic(script));
    }
    outputs.extend(page::reload::scripts(context, !pages.is_empty()));
    outputs.extend(Error::collect(pages.into_iter().map(|page| page.compile(context, &graph)))?);
    outputs.extend(static_file::compile(context, &entries)?);
    entries.preload(&graph, &mut outputs);
    Ok(outputs)
}

/// Entries of pages and of the configuration; other scripts and styles are not built.
fn entries<'a>(context: &Context<'a>, pages: &[Page<'a>]) -> Result<Entries<'a>> {
    let mut entries = Entries::configured(context)?;
    pages.iter().flat_map(|page| page.entries(context)).for_each(|entry| entries.add(entry));
    for entry in static_file::service_workers(context, &entries) {
        entries.add(entry);
    }
    entries.check()?;
    Ok(entries)
}

/// Compiled scripts and styles, their graph, and the scripts to copy. Both languages are compiled at the same time.
#[cfg(feature = "toolchain")]
fn built(
    context: &Context<'_>,
    compilers: &mut Compilers,
    entries: &Entries<'_>,
) -> Result<(Vec<Compiled>, Graph, Vec<Source>)> {
    let styles = style::Styles::new(context, &compilers.engines);
    let last = compilers.bundles.as_mut();
    let (bundled, compiled) = std::thread::scope(|scope| {
        let compiled = scope.spawn(|| styles.compile_all(entries.styles.iter().copied()));
        let bundled = script::compile(&styles, last, entries);
        (bundled, crate::parallel::joined(compiled))
    });
    let (bundled, mut outputs) = Error::both(bundled, compiled)?;
    let linked = bundled.linked_styles.iter().filter_map(|path| context.tree.get(path));
    outputs.extend(styles.compile_all(linked.filter(|sheet| !entries.has_style(sheet)))?);
    outputs.extend(styles.compile_all(context.packages.in_language(Language::Style).iter())?);
    outputs.extend(bundled.outputs);
    context.declare(bundled.declarations);
    Ok((outputs, bundled.graph, bundled.copied))
}

/// No outputs: without the toolchain no source is a script or a style.
#[cfg(not(feature = "toolchain"))]
#[expect(clippy::unnecessary_wraps, reason = "the toolchain may fail")]
fn built(_: &Context<'_>, _: &mut Compilers, _: &Entries<'_>) -> Result<(Vec<Compiled>, Graph, Vec<Source>)> {
    Ok(<(Vec<Compiled>, Graph, Vec<Source>)>::default())
}
