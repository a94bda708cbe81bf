//! The state of the link stage: outputs, the names that are decided so far, and the content that follows from them.

use std::collections::{BTreeMap, BTreeSet};

use kiln_manifest::{Digest, Exposure, LogicalPath, Mode};

use super::{
    asset_list::{self, ListedAsset},
    check::Index,
    output::Body,
    place::{map_place, place},
};
use crate::{
    Config,
    compile::{Compiled, Content},
    config::SourceMaps,
    reference::{Form, Piece, Reference, ReferenceTable},
    text::{Edit, apply},
};

pub(super) struct Linker<'a> {
    pub(super) config: &'a Config,
    pub(super) outputs: &'a [Compiled],
    pub(super) index: &'a Index<'a>,
    pub(super) references: &'a ReferenceTable,
    /// The outputs that have a source map.
    pub(super) maps: BTreeSet<LogicalPath>,
    /// Names, by position.
    pub(super) named: BTreeMap<usize, Named>,
    /// Final content of named outputs, by position.
    pub(super) bodies: BTreeMap<usize, Body>,
}

/// The name of an output.
pub(super) struct Named {
    pub(super) url: Option<String>,
    pub(super) file: String,
    /// Of the final content.
    pub(super) digest: Digest,
}

impl Linker<'_> {
    pub(super) fn references_in<'a>(&'a self, content: &'a Content) -> impl Iterator<Item = &'a Reference> {
        let pieces = match content {
            Content::File(_) => Vec::new(),
            Content::Text(text) => self.references.pieces(text),
        };
        pieces.into_iter().filter_map(|piece| match piece {
            Piece::Reference(reference) => Some(reference),
            Piece::Text(_) => None,
        })
    }

    /// Positions of the outputs on whose content the text of a reference depends. Pages link to each other in cycles, but
    /// their URLs do not depend on content.
    pub(super) fn dependencies(&self, reference: &Reference) -> Vec<usize> {
        let target = self.index[&reference.target];
        let is_named_by_content =
            self.config.mode == Mode::Release && self.outputs[target].exposure == Exposure::Hashed;
        match reference.form {
            Form::AssetList => self.listed(),
            Form::Url { .. } if !is_named_by_content => Vec::new(),
            Form::Url { .. } | Form::Integrity => vec![target],
        }
    }

    /// Positions of the outputs in the list of assets.
    fn listed(&self) -> Vec<usize> {
        (0..self.outputs.len()).filter(|position| self.outputs[*position].is_listed).collect()
    }

    /// The content of the output at `position`, in which every reference to a named target is resolved; other references
    /// keep their token.
    pub(super) fn body(&self, position: usize) -> Body {
        match &self.outputs[position].content {
            Content::File(file) => Body::File(file.clone()),
            Content::Text(text) => {
                Body::Held(self.with_map_comment(position, self.text(position, text)).into_bytes())
            }
        }
    }

    /// `text`, followed by the comment that names its source map, when that is served.
    fn with_map_comment(&self, position: usize, text: String) -> String {
        let output = &self.outputs[position];
        if self.config.source_maps() != SourceMaps::Linked || !self.maps.contains(&output.path) {
            return text;
        }
        let (url, _) = map_place(self.config, output, &Digest::of(text.as_bytes()));
        let name = url.as_deref().and_then(|url| url.rsplit('/').next()).unwrap_or_default();
        let line = if text.ends_with('\n') { "" } else { "\n" };
        match output.path.extension() {
            Some("css") => format!("{text}{line}/*# sourceMappingURL={name} */\n"),
            _ => format!("{text}{line}//# sourceMappingURL={name}\n"),
        }
    }

    /// Text of the output at `holder` with its tokens substituted.
    pub(super) fn text(&self, holder: usize, compiled: &str) -> String {
        apply(compiled, &self.edits(holder, compiled))
    }

    /// Edits that substitute the tokens in text of the output at `holder`.
    pub(super) fn edits(&self, holder: usize, compiled: &str) -> Vec<Edit> {
        let (mut at, mut edits) = (0, Vec::new());
        for piece in self.references.pieces(compiled) {
            match piece {
                Piece::Text(text) => at += text.len(),
                Piece::Reference(reference) => {
                    let place = at..at + reference.token().len();
                    at = place.end;
                    edits.push(Edit { place, text: self.written(holder, reference) });
                }
            }
        }
        edits
    }

    fn written(&self, holder: usize, reference: &Reference) -> String {
        if self.dependencies(reference).iter().any(|position| !self.named.contains_key(position)) {
            return reference.token();
        }
        let target = self.index[&reference.target];
        match &reference.form {
            Form::Url { suffix, .. } => self.url(target).map_or_else(String::new, |url| {
                format!("{}{url}{suffix}", self.origin(holder, reference).unwrap_or_default())
            }),
            Form::Integrity => self.named[&target].digest.integrity(),
            Form::AssetList => asset_list::written(self.listed_assets()),
        }
    }

    /// The assets of the list, which have their names.
    fn listed_assets(&self) -> Vec<ListedAsset<'_>> {
        let assets = self.listed().into_iter().filter_map(|position| {
            let Named { url, digest, .. } = &self.named[&position];
            let media_type = &self.outputs[position].media_type;
            let url = format!("{}{}", self.asset_origin(position).unwrap_or_default(), url.as_deref()?);
            Some(ListedAsset { url, media_type, digest: *digest })
        });
        assets.collect()
    }

    /// The URL of the output at `position`, which has a name, or whose URL does not depend on content.
    pub(super) fn url(&self, position: usize) -> Option<String> {
        match self.named.get(&position) {
            Some(named) => named.url.clone(),
            None => place(self.config, &self.outputs[position], &Digest::of(b"")).0,
        }
    }
}
