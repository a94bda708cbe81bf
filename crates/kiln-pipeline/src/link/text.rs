//! Substitution of tokens by URLs and integrity metadata.

use kiln_manifest::Digest;

use super::{
    linker::{Linker, Substituted},
    place::place,
};
use crate::{
    compile::Content,
    reference::{Form, Piece, Reference},
    text::{Edit, apply},
};

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

    /// Content in which every reference to a named target is resolved; other references keep their token.
    pub(super) fn substituted(&self, position: usize) -> Substituted {
        match &self.outputs[position].content {
            Content::File(_) => Substituted::Unchanged,
            Content::Text(text) => Substituted::Text(self.with_map_comment(position, self.text(text))),
        }
    }

    /// `compiled` with its tokens substituted.
    pub(super) fn text(&self, compiled: &str) -> String {
        apply(compiled, &self.edits(compiled))
    }

    /// Edits that substitute the tokens of `compiled`.
    pub(super) fn edits(&self, compiled: &str) -> Vec<Edit> {
        let (mut at, mut edits) = (0, Vec::new());
        for piece in self.references.pieces(compiled) {
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
