//! Metadata of outputs: references, imports, preloads, policy.

use kiln_manifest::{CorsSetting, Destination, Directive, Policy, PolicySource, Preload};

use super::{
    linker::Linker,
    output::{Body, Linked},
};
use crate::compile::{Compiled, Inline, UnresolvedPreload};

impl Linker<'_> {
    /// The output at `position`, with its metadata. All outputs have their names.
    pub(super) fn linked(&self, position: usize, body: Body) -> Linked {
        let (output, named) = (&self.outputs[position], &self.named[&position]);
        let references = self.references_in(&output.content);
        Linked {
            path: output.path.clone(),
            exposure: output.exposure,
            url: named.url.clone(),
            file: named.file.clone(),
            media_type: output.media_type.clone(),
            body,
            digest: named.digest,
            refers_to: references.map(|reference| reference.target.clone()).collect(),
            imports: output.imports.iter().filter_map(|path| self.url(self.index[path])).collect(),
            preloads: output.preloads.iter().filter_map(|preload| self.preload(preload)).collect(),
            policy: self.policy(position),
        }
    }

    /// The preload in the mode and with the integrity metadata of the element that uses it: browsers fetch a differing
    /// preload twice.
    fn preload(&self, unresolved: &UnresolvedPreload) -> Option<Preload> {
        let position = self.index[&unresolved.target];
        let integrity = self.config.has_integrity().then(|| self.named[&position].digest.integrity());
        let UnresolvedPreload { destination, mut cors, .. } = *unresolved;
        let origin = self.asset_origin(position);
        if origin.is_some() && destination != Destination::Module && cors == CorsSetting::NoCors {
            cors = CorsSetting::Anonymous;
        }
        let url = format!("{}{}", origin.unwrap_or_default(), self.url(position)?);
        Some(Preload { url, destination, cors, integrity })
    }

    /// The policy that the output adds, with the hashes of its inline code.
    fn policy(&self, position: usize) -> Policy {
        let output: &Compiled = &self.outputs[position];
        let mut policy = output.policy.clone();
        for part in &output.inline {
            let (directive, text) = match part {
                Inline::Script(text) => (Directive::ScriptSrc, text),
                Inline::Style(text) => (Directive::StyleSrc, text),
                Inline::StyleAttribute(text) => {
                    policy.allow(Directive::StyleSrcAttr, PolicySource::UNSAFE_HASHES);
                    (Directive::StyleSrcAttr, text)
                }
            };
            policy.allow(directive, PolicySource::hash_of(&self.text(position, text)));
        }
        policy
    }
}
