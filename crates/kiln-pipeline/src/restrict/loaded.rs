//! What a page loads: everything to which it leads by references, other than pages.

use std::collections::{BTreeMap, BTreeSet};

use kiln_manifest::{Directive, Exposure, LogicalPath, Policy, PolicySource};

use crate::{
    compile::DemandScope,
    link::{Body, Linked},
};

/// All outputs by name, and what each adds to the policy of a page that loads it.
pub(super) struct Outputs<'a>(BTreeMap<&'a LogicalPath, (&'a Linked, Policy)>);

/// A page, or an entry that pages of the application load, with everything that it loads: static and lazy imports,
/// workers, style sheets, and their files.
pub(super) struct Loaded<'a> {
    pub(super) root: &'a Linked,
    pub(super) all: BTreeSet<&'a LogicalPath>,
}

impl<'a> Outputs<'a> {
    pub(super) fn new(outputs: &'a [Linked]) -> Self {
        Self(outputs.iter().map(|output| (&output.path, (output, policy(output)))).collect())
    }

    /// Pages and entries.
    pub(super) fn restricted(&self) -> impl Iterator<Item = Loaded<'a>> {
        let all = self.0.values().map(|(output, _)| *output);
        let restricted = all.filter(|output| is_page(output) || !output.preloads.is_empty());
        restricted.map(|root| self.loaded_by(root))
    }

    fn loaded_by(&self, root: &'a Linked) -> Loaded<'a> {
        let mut all = BTreeSet::new();
        let mut open = vec![root];
        while let Some(output) = open.pop() {
            if all.insert(&output.path) {
                let targets = output.refers_to.iter().filter_map(|path| Some(self.0.get(path)?.0));
                open.extend(targets.filter(|target| !is_page(target)));
            }
        }
        Loaded { root, all }
    }

    /// What everything that is loaded adds to the policy.
    pub(super) fn policy(&self, loaded: &Loaded<'_>) -> Policy {
        let mut policy = Policy::default();
        loaded.all.iter().filter_map(|path| self.0.get(path)).for_each(|(_, own)| policy.extend(own));
        policy
    }

    /// The outputs that a page loads where a demand concerns it.
    pub(super) fn concerned<'s>(&'s self, scope: &'s DemandScope) -> Vec<&'s LogicalPath> {
        match scope {
            DemandScope::Page(page) => vec![page],
            DemandScope::Outputs(outputs) => outputs.iter().collect(),
            DemandScope::Text(url) => {
                let holding = self.0.values().filter(|(output, _)| holds(output, url));
                holding.map(|(output, _)| &output.path).collect()
            }
        }
    }
}

pub(super) fn is_page(output: &Linked) -> bool {
    output.exposure == Exposure::Page
}

fn policy(output: &Linked) -> Policy {
    let mut policy = output.policy.clone();
    if has_wasm(output) {
        policy.allow(Directive::ScriptSrc, PolicySource::WASM_UNSAFE_EVAL);
    }
    policy
}

/// Functions that compile WebAssembly. Packages hold modules in many forms, as compressed text too, and all call these.
const WASM: [&str; 3] = ["WebAssembly.instantiate", "WebAssembly.compile", "WebAssembly.Module"];

fn has_wasm(output: &Linked) -> bool {
    let is_script = output.path.extension().is_some_and(|extension| ["js", "mjs"].contains(&extension));
    let refers = || output.refers_to.iter().any(|target| target.extension() == Some("wasm"));
    is_script && (refers() || WASM.iter().any(|name| holds(output, name)))
}

/// Whether the text of a script, style sheet or page contains `part`.
fn holds(output: &Linked, part: &str) -> bool {
    let kinds = ["text/css", "text/html", "text/javascript"];
    match &output.body {
        Body::Held(bytes) if kinds.iter().any(|kind| output.media_type.starts_with(kind)) => {
            std::str::from_utf8(bytes).is_ok_and(|text| text.contains(part))
        }
        _ => false,
    }
}
