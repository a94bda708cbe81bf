//! Scripts and styles that a page needs, and the links that load them.

use kiln_manifest::{CorsSetting, Destination, LogicalPath};

use crate::{
    compile::{context::Context, graph::Graph, output::UnresolvedPreload},
    reference::{Reference, ReferenceSite},
};

/// The scripts and styles of a page, each once, in load order.
#[derive(Debug, Default)]
pub(super) struct Needs {
    pub(super) all: Vec<LogicalPath>,
    /// Targets that browsers may fetch before they have read the page.
    pub(super) preloads: Vec<UnresolvedPreload>,
    /// Links to the style sheets of modules, for the end of the head.
    pub(super) head: String,
    /// Whether an import map of the page names modules.
    pub(super) has_import_map: bool,
}

impl Needs {
    pub(super) fn of(has_import_map: bool) -> Self {
        Self { has_import_map, ..Self::default() }
    }

    /// Adds a target, and its preload. Returns whether the target is new.
    pub(super) fn add(&mut self, target: &LogicalPath, preload: Option<(Destination, CorsSetting)>) -> bool {
        let is_new = !self.all.contains(target);
        if is_new {
            self.all.push(target.clone());
            let preload = preload.map(|(destination, cors)| UnresolvedPreload {
                target: target.clone(),
                destination,
                cors,
            });
            self.preloads.extend(preload);
        }
        is_new
    }

    /// Adds the style sheets and the static imports of a module. Returns links to the imports that are new to the page.
    pub(super) fn add_module(
        &mut self,
        context: &Context<'_>,
        module: &LogicalPath,
        graph: &Graph,
    ) -> String {
        let mut scripts = graph.needed_by(module);
        scripts.retain(|script| self.add(script, Some((Destination::Module, CorsSetting::NoCors))));
        let mut styles = graph.styles_needed_by(module);
        styles.retain(|style| self.add(style, Some((Destination::Style, CorsSetting::NoCors))));
        self.head.extend(styles.iter().map(|target| link(context, "stylesheet", target)));
        scripts.iter().map(|target| link(context, "modulepreload", target)).collect()
    }
}

fn link(context: &Context<'_>, relation: &str, target: &LogicalPath) -> String {
    let record = |reference| context.references.record(reference, ReferenceSite::Generated);
    let url = record(Reference::url(target.clone()));
    // Modules are fetched in CORS mode without the attribute as well.
    let is_cors = relation == "stylesheet" && context.config.asset_origin().is_some();
    let cors = if is_cors { " crossorigin" } else { "" };
    if !context.config.has_integrity() {
        return format!("<link rel=\"{relation}\" href=\"{url}\"{cors}>");
    }
    let integrity = record(Reference::integrity(target.clone()));
    format!("<link rel=\"{relation}\" href=\"{url}\" integrity=\"{integrity}\"{cors}>")
}
