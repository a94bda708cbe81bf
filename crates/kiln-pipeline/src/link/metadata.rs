//! Metadata of outputs: references, imports, preloads, inline hashes.

use kiln_manifest::{Digest, InlineHashes, Mode, Preload};

use super::{
    linker::Linker,
    output::{Body, Linked},
};
use crate::compile::{Inline, UnresolvedPreload};

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
            inline: self.inline(&output.inline),
        }
    }

    /// The preload in the mode and with the integrity metadata of the element that uses it: browsers fetch a differing
    /// preload twice.
    fn preload(&self, unresolved: &UnresolvedPreload) -> Option<Preload> {
        let position = self.index[&unresolved.target];
        let integrity = (self.config.mode == Mode::Release).then(|| self.named[&position].digest.integrity());
        let UnresolvedPreload { destination, cors, .. } = *unresolved;
        Some(Preload { url: self.url(position)?, destination, cors, integrity })
    }

    fn inline(&self, inline: &[Inline]) -> InlineHashes {
        let mut hashes = InlineHashes::default();
        for part in inline {
            let (list, text) = match part {
                Inline::Script(text) => (&mut hashes.scripts, text),
                Inline::Style(text) => (&mut hashes.styles, text),
                Inline::StyleAttribute(text) => (&mut hashes.style_attributes, text),
            };
            // Browsers normalise newlines to line feeds before they hash (HTML §13.2.3.5).
            let text = self.text(text).replace("\r\n", "\n").replace('\r', "\n");
            let hash = Digest::of(text.as_bytes()).integrity();
            if !list.contains(&hash) {
                list.push(hash);
            }
        }
        hashes
    }
}
