//! References between outputs, while their final URLs are not yet known.
//!
//! Each language writes a [token](Reference::token) where a URL or integrity metadata will stand. Tokens pass
//! through every minifier unchanged, have one length, and depend on nothing but what they refer to, so
//! that output cannot depend on the order in which files were compiled.

use std::{collections::BTreeMap, ops::Range, sync::Mutex};

use kiln_manifest::{Digest, LogicalPath};

use crate::{error::SourceError, text::Text};

/// What a piece of output says about another output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reference {
    /// The output.
    pub(crate) target: LogicalPath,
    /// What of it is said.
    pub(crate) form: Form,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// Its URL, followed by the query and fragment with which the source refers to it.
    Url { suffix: String },
    /// Its integrity metadata.
    Integrity,
}

impl Reference {
    pub(crate) fn url(target: LogicalPath) -> Self {
        Self::url_with(target, String::new())
    }

    pub(crate) fn url_with(target: LogicalPath, suffix: String) -> Self {
        Self { target, form: Form::Url { suffix } }
    }

    pub(crate) fn integrity(target: LogicalPath) -> Self {
        Self { target, form: Form::Integrity }
    }

    /// A word that stands for this reference in text of any language.
    pub(crate) fn token(&self) -> String {
        let form = match &self.form {
            Form::Url { suffix } => format!("url {suffix}"),
            Form::Integrity => "integrity".to_owned(),
        };
        let digest = Digest::of_parts([self.target.as_str().as_bytes(), form.as_bytes()]);
        format!("{OPEN}{}{CLOSE}", digest.fingerprint())
    }
}

const OPEN: &str = "__kiln_";
const CLOSE: &str = "__";
const TOKEN_LENGTH: usize = OPEN.len() + 16 + CLOSE.len();

/// Every reference made so far, by token, with the place that made it.
#[derive(Debug, Default)]
pub(crate) struct References(Mutex<BTreeMap<String, (Reference, ReferenceSite)>>);

/// Where a reference was written.
#[derive(Clone, Debug)]
pub(crate) enum ReferenceSite {
    /// At a place in a source.
    Source(Text, Range<usize>),
    /// By the build itself, to something that it has just made.
    Generated,
}

impl References {
    /// Records a reference and returns its token. Of several places that make the same reference, the
    /// first by file and position is kept, whatever the order of the calls.
    pub(crate) fn record(&self, reference: Reference, origin: ReferenceSite) -> String {
        let token = reference.token();
        let mut known = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let earlier = known.get(&token).is_some_and(|(_, present)| present.key() <= origin.key());
        if !earlier {
            known.insert(token.clone(), (reference, origin));
        }
        token
    }

    pub(crate) fn into_table(self) -> ReferenceTable {
        ReferenceTable(self.0.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl ReferenceSite {
    fn key(&self) -> (u8, &str, usize) {
        match self {
            Self::Source(text, span) => (0, text.name(), span.start),
            Self::Generated => (1, "", 0),
        }
    }

    pub(crate) fn error(&self, message: impl Into<String>) -> Option<SourceError> {
        match self {
            Self::Source(text, span) => Some(text.error(span.clone(), message)),
            Self::Generated => None,
        }
    }
}

/// The finished references, for the link stage.
#[derive(Debug)]
pub(crate) struct ReferenceTable(BTreeMap<String, (Reference, ReferenceSite)>);

impl ReferenceTable {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Reference, ReferenceSite)> {
        self.0.values()
    }

    /// Splits `text` at its tokens.
    pub(crate) fn pieces<'a>(&'a self, text: &'a str) -> Vec<Piece<'a>> {
        let mut pieces = Vec::new();
        let mut done = 0;
        for (start, _) in text.match_indices(OPEN) {
            let token = text.get(start..start + TOKEN_LENGTH).and_then(|token| self.0.get(token));
            if let Some((reference, _)) = token {
                pieces.push(Piece::Text(&text[done..start]));
                pieces.push(Piece::Reference(reference));
                done = start + TOKEN_LENGTH;
            }
        }
        pieces.push(Piece::Text(&text[done..]));
        pieces
    }
}

/// A part of compiled text.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    Text(&'a str),
    Reference(&'a Reference),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(path: &str) -> Reference {
        Reference::url(LogicalPath::new(path).expect(path))
    }

    #[test]
    fn content_splits_at_known_tokens_only() {
        let references = References::default();
        let token = references.record(reference("a.svg"), ReferenceSite::Generated);
        let content = format!("x{token}y__kiln_0000000000000000__{token}");
        let table = references.into_table();
        let expected = [
            Piece::Text("x"),
            Piece::Reference(&reference("a.svg")),
            Piece::Text("y__kiln_0000000000000000__"),
            Piece::Reference(&reference("a.svg")),
            Piece::Text(""),
        ];
        assert_eq!(table.pieces(&content), expected);
    }

    #[test]
    fn the_first_place_is_kept_whatever_the_order() {
        let places = [("b.css", 1), ("a.css", 7), ("a.css", 3)];
        let references = References::default();
        for (name, at) in places {
            references
                .record(reference("a.svg"), ReferenceSite::Source(Text::new(name, "0123456789"), at..at + 1));
        }
        let table = references.into_table();
        let (_, origin) = table.iter().next().expect("one reference");
        assert_eq!(origin.key(), (0, "a.css", 3));
    }
}
