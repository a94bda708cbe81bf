//! Text with what stands in the place of each token.

use kiln_manifest::Digest;

use super::{Body, Linker, place::place};
use crate::{
    compile::Content,
    edit::{Edit, apply},
    reference::{Form, Piece, Reference},
};

/// What becomes of compiled content.
pub(super) enum Substituted {
    /// It refers to nothing: a file, as it is.
    Unchanged,
    Text(String),
}

impl Substituted {
    pub(super) fn digest(&self, compiled: &Content) -> Digest {
        match (self, compiled) {
            (Self::Text(text), _) | (Self::Unchanged, Content::Marked(text)) => Digest::of(text.as_bytes()),
            (Self::Unchanged, Content::Stored(stored)) => stored.digest,
        }
    }

    pub(super) fn into_body(self, compiled: Content) -> Body {
        match (self, compiled) {
            (Self::Text(text), _) | (Self::Unchanged, Content::Marked(text)) => Body::Held(text.into_bytes()),
            (Self::Unchanged, Content::Stored(stored)) => Body::Stored(stored),
        }
    }
}

impl Linker<'_> {
    pub(super) fn references_in<'a>(&'a self, content: &'a Content) -> impl Iterator<Item = &'a Reference> {
        let pieces = match content {
            Content::Stored(_) => Vec::new(),
            Content::Marked(text) => self.references.pieces(text),
        };
        pieces.into_iter().filter_map(|piece| match piece {
            Piece::Reference(reference) => Some(reference),
            Piece::Text(_) => None,
        })
    }

    /// Content with every reference written out whose target has a name; the others keep their token.
    pub(super) fn substituted(&self, position: usize) -> Substituted {
        match &self.outputs[position].content {
            Content::Stored(_) => Substituted::Unchanged,
            Content::Marked(text) => Substituted::Text(self.naming_its_map(position, self.text(text))),
        }
    }

    pub(super) fn text(&self, marked: &str) -> String {
        apply(marked, &self.edits(marked))
    }

    /// What is written in the place of each token.
    pub(super) fn edits(&self, marked: &str) -> Vec<Edit> {
        let (mut at, mut edits) = (0, Vec::new());
        for piece in self.references.pieces(marked) {
            match piece {
                Piece::Text(text) => at += text.len(),
                Piece::Reference(reference) => {
                    let place = at..at + reference.token().len();
                    at = place.end;
                    edits.push(Edit { place, text: self.written(reference) });
                }
            }
        }
        edits
    }

    fn written(&self, reference: &Reference) -> String {
        let target = self.index[&reference.target];
        match (&reference.form, self.done.get(&target)) {
            (_, None) if self.depends_on_content(reference) => reference.token(),
            (Form::Url { suffix }, _) => {
                self.url(target).map_or_else(String::new, |url| format!("{url}{suffix}"))
            }
            (Form::Integrity, named) => named.map_or_else(String::new, |named| named.digest.integrity()),
        }
    }

    pub(super) fn url(&self, position: usize) -> Option<String> {
        match self.done.get(&position) {
            Some(named) => named.url.clone(),
            None => place(self.config, &self.outputs[position], &Digest::of(b"")).0,
        }
    }
}
