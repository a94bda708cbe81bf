//! What is said of an output beside its content.

use std::collections::BTreeSet;

use kiln_manifest::{Digest, InlineHashes, LogicalPath, Mode, Preload};

use super::Linker;
use crate::compile::{Compiled, Early, Inline};

/// See the module.
pub(super) struct Metadata {
    pub(super) refers_to: BTreeSet<LogicalPath>,
    pub(super) imports: Vec<String>,
    pub(super) preloads: Vec<Preload>,
    pub(super) inline: InlineHashes,
}

impl Linker<'_> {
    /// Everything that can be said of an output without taking its content.
    pub(super) fn metadata(&self, output: &Compiled) -> Metadata {
        Metadata {
            refers_to: self
                .references_in(&output.content)
                .map(|reference| reference.target.clone())
                .collect(),
            imports: output.imports.iter().filter_map(|path| self.url(self.index[path])).collect(),
            preloads: output.preloads.iter().filter_map(|early| self.preload(early)).collect(),
            inline: self.inline(&output.inline),
        }
    }

    /// The same as the element that asks for it says, integrity included.
    fn preload(&self, early: &Early) -> Option<Preload> {
        let position = self.index[&early.target];
        let integrity = (self.config.mode == Mode::Release).then(|| self.done[&position].digest.integrity());
        let Early { destination, cors, .. } = *early;
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
            // Browsers see only line feeds (HTML §13.2.3.5), and hash what they see.
            let text = self.text(text).replace("\r\n", "\n").replace('\r', "\n");
            let hash = Digest::of(text.as_bytes()).integrity();
            if !list.contains(&hash) {
                list.push(hash);
            }
        }
        hashes
    }
}
