//! Scripts and styles that a page needs, and the links that load them.

use kiln_manifest::{CorsSetting, Destination, LogicalPath, Mode};

use crate::{
    compile::{context::Context, output::UnresolvedPreload},
    reference::{Reference, ReferenceSite},
};

/// The scripts and styles of a page, each once, in load order.
#[derive(Debug, Default)]
pub(super) struct Needs {
    pub(super) all: Vec<LogicalPath>,
    /// Targets that browsers may fetch before they have read the page.
    pub(super) preloads: Vec<UnresolvedPreload>,
}

/// The request mode of an added script link.
pub(super) const LINKED_SCRIPT: (Destination, CorsSetting) = (Destination::Module, CorsSetting::NoCors);
/// The request mode of an added style link.
pub(super) const LINKED_STYLE: (Destination, CorsSetting) = (Destination::Style, CorsSetting::NoCors);

impl Needs {
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
}

/// A link that fetches a static import together with its importer.
pub(super) fn preload_link(context: &Context<'_>, script: &LogicalPath) -> String {
    link(context, "modulepreload", script)
}

pub(super) fn link(context: &Context<'_>, relation: &str, target: &LogicalPath) -> String {
    let record = |reference| context.references.record(reference, ReferenceSite::Generated);
    let url = record(Reference::url(target.clone()));
    match context.config.mode {
        Mode::Dev => format!("<link rel=\"{relation}\" href=\"{url}\">"),
        Mode::Release => {
            let integrity = record(Reference::integrity(target.clone()));
            format!("<link rel=\"{relation}\" href=\"{url}\" integrity=\"{integrity}\">")
        }
    }
}
