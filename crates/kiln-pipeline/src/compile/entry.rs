//! Entries: the sources that a page or the configuration names, from which compilation starts.

use kiln_manifest::{CorsSetting, Destination, LogicalPath};

use super::{
    context::Context,
    graph::Graph,
    output::{Compiled, UnresolvedPreload},
};
use crate::{
    Error, Result,
    reference::output_of,
    source::{Language, Source, uncompiled},
};

/// All entries, each once, sorted.
#[derive(Debug, Default)]
pub(super) struct Entries<'a> {
    pub(super) scripts: Vec<&'a Source>,
    pub(super) styles: Vec<&'a Source>,
    pub(super) classic: Vec<&'a Source>,
    pub(super) manifests: Vec<&'a Source>,
    /// Service workers that a manifest names. Scripts name others.
    pub(super) service_workers: Vec<&'a Source>,
}

/// A source that a page or the configuration names.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry<'a> {
    /// A module to bundle, or a style to compile.
    Built(&'a Source),
    /// A script for `<script src>` without `type=module`, served unchanged.
    Classic(&'a Source),
    /// The manifest of a web application.
    Manifest(&'a Source),
    /// The script of a service worker.
    ServiceWorker(&'a Source),
}

impl<'a> Entries<'a> {
    /// The scripts and styles that `entries` of the configuration names.
    pub(super) fn configured(context: &Context<'a>) -> Result<Self> {
        let mut entries = Self::default();
        for path in &context.config.options.entries {
            let source = context
                .tree
                .get(path)
                .filter(|source| matches!(source.language, Language::Script | Language::Style));
            entries.add(Entry::Built(source.ok_or_else(|| not_built(context, path))?));
        }
        Ok(entries)
    }

    pub(super) fn add(&mut self, entry: Entry<'a>) {
        let (list, source) = match entry {
            Entry::Classic(source) => (&mut self.classic, source),
            Entry::Manifest(source) => (&mut self.manifests, source),
            Entry::ServiceWorker(source) => (&mut self.service_workers, source),
            Entry::Built(source) if source.language == Language::Style => (&mut self.styles, source),
            Entry::Built(source) if source.language == Language::Script => (&mut self.scripts, source),
            Entry::Built(_) => return,
        };
        if !list.iter().any(|present| present.path == source.path) {
            list.push(source);
            list.sort_by(|a, b| a.path.cmp(&b.path));
        }
    }

    #[cfg(feature = "toolchain")]
    pub(super) fn has_style(&self, sheet: &Source) -> bool {
        self.styles.iter().any(|style| style.path == sheet.path)
    }

    pub(super) fn has_manifest(&self, source: &Source) -> bool {
        self.manifests.iter().any(|manifest| manifest.path == source.path)
    }

    /// Gives each entry what a page loads for it: its style sheets, its static imports, and itself.
    pub(super) fn preload(&self, graph: &Graph, outputs: &mut [Compiled]) {
        let is_in =
            |list: &[&Source], path: &LogicalPath| list.iter().any(|source| output_of(source) == *path);
        for output in outputs {
            let (before, destination) = match &output.path {
                path if is_in(&self.scripts, path) => {
                    let styles =
                        graph.styles_needed_by(path).into_iter().map(|path| (path, Destination::Style));
                    let imports = graph.needed_by(path).into_iter().map(|path| (path, Destination::Module));
                    (styles.chain(imports).collect(), Destination::Module)
                }
                path if is_in(&self.styles, path) => (Vec::new(), Destination::Style),
                path if is_in(&self.classic, path) => (Vec::new(), Destination::Script),
                _ => continue,
            };
            let all = before.into_iter().chain([(output.path.clone(), destination)]);
            let preload =
                |(target, destination)| UnresolvedPreload { target, destination, cors: CorsSetting::NoCors };
            output.preloads = all.map(preload).collect();
        }
    }

    /// Checks that no script is both bundled and served unchanged: the two outputs would have one name.
    pub(super) fn check(&self) -> Result<()> {
        let twice =
            self.classic.iter().find(|classic| self.scripts.iter().any(|script| script.path == classic.path));
        twice.map_or(Ok(()), |source| {
            Err(Error::Tree {
                path: format!("assets/{}", source.path).into(),
                problem: "loaded both as a module and as a classic script".to_owned(),
                help: "put `type=\"module\"` on every `<script>` that loads it, or on none".to_owned(),
            })
        })
    }
}

/// The error of an entry in the configuration that is neither a script nor a style sheet.
fn not_built(context: &Context<'_>, path: &LogicalPath) -> Error {
    let language = context.tree.get(path).and_then(|source| uncompiled(source.path.extension()?));
    let (problem, help) = match language {
        Some(language) => (
            format!("{language} of `entries` in [package.metadata.kiln] is not supported"),
            "compile it in an external step, or keep your Vite as one (`[[package.metadata.kiln.steps]]`)",
        ),
        None => (
            "script or style sheet of `entries` in [package.metadata.kiln] not found".to_owned(),
            "add the file, or remove it from `entries`",
        ),
    };
    Error::Tree { path: format!("assets/{path}").into(), problem, help: help.to_owned() }
}
