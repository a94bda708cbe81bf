//! Metadata of outputs: references, imports, preloads, inline hashes.

use std::collections::BTreeSet;

use kiln_manifest::{Digest, InlineHashes, LogicalPath, Mode, Preload};

use super::linker::Linker;
use crate::compile::{Compiled, Inline, UnresolvedPreload};

/// The metadata of an output.
pub(super) struct OutputMetadata {
    pub(super) refers_to: BTreeSet<LogicalPath>,
    pub(super) imports: Vec<String>,
    pub(super) preloads: Vec<Preload>,
    pub(super) inline: InlineHashes,
}

impl Linker<'_> {
    /// The metadata of `output`.
    pub(super) fn metadata(&self, output: &Compiled) -> OutputMetadata {
        OutputMetadata {
            refers_to: self
                .references_in(&output.content)
                .map(|reference| reference.target.clone())
                .collect(),
            imports: output.imports.iter().filter_map(|path| self.url(self.index[path])).collect(),
            preloads: output.preloads.iter().filter_map(|preload| self.preload(preload)).collect(),
            inline: self.inline(&output.inline),
        }
    }

    /// The preload in the mode and with the integrity metadata of the element that uses it: browsers fetch a differing
    /// preload twice.
    fn preload(&self, unresolved: &UnresolvedPreload) -> Option<Preload> {
        let position = self.index[&unresolved.target];
        let integrity = (self.config.mode == Mode::Release).then(|| self.done[&position].digest.integrity());
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
