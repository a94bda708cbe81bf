//! What a page loads: everything to which it leads by references, other than pages.

use std::collections::{BTreeMap, BTreeSet};

use kiln_manifest::{Directive, Exposure, LogicalPath, Policy, PolicySource};

use crate::{
    compile::{Demand, DemandScope},
    link::{Body, Linked},
};

/// Outputs by name.
pub(super) type Outputs<'a> = BTreeMap<&'a LogicalPath, &'a Linked>;

/// A page, or an entry that pages of the application load, with everything that it loads: static and lazy imports,
/// workers, style sheets, and their files.
pub(super) struct Loaded<'a> {
    pub(super) root: &'a Linked,
    all: BTreeMap<&'a LogicalPath, &'a Linked>,
}

impl<'a> Loaded<'a> {
    pub(super) fn by(root: &'a Linked, outputs: &Outputs<'a>) -> Self {
        let mut all = BTreeMap::new();
        let mut open = vec![root];
        while let Some(output) = open.pop() {
            if all.insert(&output.path, output).is_none() {
                let targets = output.refers_to.iter().filter_map(|path| outputs.get(path).copied());
                open.extend(targets.filter(|target| target.exposure != Exposure::Page));
            }
        }
        Self { root, all }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a LogicalPath> {
        self.all.keys().copied()
    }

    /// The sources that the root needs beside its own site's.
    pub(super) fn policy(&self) -> Policy {
        let mut policy = Policy::default();
        for output in self.all.values() {
            policy.extend(&output.policy);
            if has_wasm(output) {
                policy.allow(Directive::ScriptSrc, PolicySource::WASM_UNSAFE_EVAL);
            }
        }
        policy
    }

    /// Whether the root is among the pages that `demand` concerns.
    pub(super) fn is_concerned(&self, demand: &Demand) -> bool {
        match &demand.scope {
            DemandScope::Page(page) => self.root.path == *page,
            DemandScope::Outputs(outputs) => outputs.iter().any(|output| self.all.contains_key(output)),
            DemandScope::Text(url) => self.all.values().any(|output| holds(output, url)),
        }
    }
}

/// Functions that compile WebAssembly. Packages hold modules in many forms, as compressed text too, and all call these.
const WASM: [&str; 3] = ["WebAssembly.instantiate", "WebAssembly.compile", "WebAssembly.Module"];

fn has_wasm(output: &Linked) -> bool {
    let is_script = output.path.extension().is_some_and(|extension| ["js", "mjs"].contains(&extension));
    let refers = || output.refers_to.iter().any(|target| target.extension() == Some("wasm"));
    is_script && (refers() || WASM.iter().any(|name| holds(output, name)))
}

fn holds(output: &Linked, text: &str) -> bool {
    let is_text = ["text/css", "text/html", "text/javascript"];
    match &output.body {
        Body::Held(bytes) if is_text.iter().any(|kind| output.media_type.starts_with(kind)) => {
            std::str::from_utf8(bytes).is_ok_and(|content| content.contains(text))
        }
        _ => false,
    }
}

/// Outputs that have a policy: pages, and entries that no page loads, for pages that the application renders.
pub(super) fn roots<'a>(outputs: &Outputs<'a>) -> Vec<Loaded<'a>> {
    let is_page = |output: &&&Linked| output.exposure == Exposure::Page;
    let pages: Vec<_> = outputs.values().filter(is_page).map(|page| Loaded::by(page, outputs)).collect();
    let loaded: BTreeSet<_> = pages.iter().flat_map(Loaded::names).collect();
    let alone =
        outputs.values().filter(|output| !output.preloads.is_empty() && !loaded.contains(&output.path));
    let alone: Vec<_> = alone.map(|entry| Loaded::by(entry, outputs)).collect();
    pages.into_iter().chain(alone).collect()
}
