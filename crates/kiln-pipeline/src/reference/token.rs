//! Tokens of references, until the link stage knows their final URLs.
//!
//! Each language writes a [token](Reference::token) in place of a URL or of integrity metadata. Tokens pass through
//! every minifier unchanged, have one length, and depend on their reference alone, so that output cannot depend on the
//! order of compilation.

use std::{collections::BTreeMap, ops::Range, sync::Mutex};

use kiln_manifest::{Digest, LogicalPath};

use crate::{error::SourceError, text::Text};

/// A reference of one output to another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reference {
    /// The output that is referred to.
    pub(crate) target: LogicalPath,
    pub(crate) form: Form,
}

/// The form of a reference in the text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    /// The URL of the target, followed by the query and fragment of the source.
    Url { suffix: String, origin: UrlOrigin },
    /// The integrity metadata of the target.
    Integrity,
    /// The list of the build's assets, in the target itself: a service worker.
    #[cfg_attr(
        not(feature = "toolchain"),
        expect(dead_code, reason = "only the toolchain bundles service workers")
    )]
    AssetList,
}

/// The origin in a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum UrlOrigin {
    /// That of hashed assets, where the configuration has one.
    Assets,
    /// That of the page, for files that browsers load from there alone.
    Page,
    /// That of the site, written out for other machines.
    Site,
}

impl Reference {
    pub(crate) fn url(target: LogicalPath) -> Self {
        Self::url_with(target, String::new())
    }

    pub(crate) fn url_with(target: LogicalPath, suffix: String) -> Self {
        Self::url_at(UrlOrigin::Assets, target, suffix)
    }

    pub(crate) fn url_at(origin: UrlOrigin, target: LogicalPath, suffix: String) -> Self {
        Self { target, form: Form::Url { suffix, origin } }
    }

    pub(crate) fn integrity(target: LogicalPath) -> Self {
        Self { target, form: Form::Integrity }
    }

    /// The list of assets in the service worker `holder`.
    #[cfg(feature = "toolchain")]
    pub(crate) fn asset_list(holder: LogicalPath) -> Self {
        Self { target: holder, form: Form::AssetList }
    }

    /// The word that stands for this reference in text of any language.
    pub(crate) fn token(&self) -> String {
        let form = match &self.form {
            Form::Url { suffix, origin: UrlOrigin::Assets } => format!("url {suffix}"),
            Form::Url { suffix, origin: UrlOrigin::Page } => format!("url of the page {suffix}"),
            Form::Url { suffix, origin: UrlOrigin::Site } => format!("url of the site {suffix}"),
            Form::Integrity => "integrity".to_owned(),
            Form::AssetList => "asset list".to_owned(),
        };
        let digest = Digest::of_parts([self.target.as_str().as_bytes(), form.as_bytes()]);
        format!("{OPEN}{}{CLOSE}", digest.fingerprint())
    }
}

const OPEN: &str = "__kiln_";
const CLOSE: &str = "__";
const TOKEN_LENGTH: usize = OPEN.len() + 16 + CLOSE.len();

/// The references recorded so far, by token, each with its place.
#[derive(Debug, Default)]
pub(crate) struct References(Mutex<BTreeMap<String, (Reference, ReferenceSite)>>);

/// The place of a reference.
#[derive(Clone, Debug)]
pub(crate) enum ReferenceSite {
    /// A span of a source.
    Source(Text, Range<usize>),
    /// No source: the build itself has generated the reference.
    Generated,
}

impl References {
    /// Records a reference and returns its token. Of several places of one reference, the first by file and position
    /// stays, in whatever order they are recorded.
    pub(crate) fn record(&self, reference: Reference, site: ReferenceSite) -> String {
        let token = reference.token();
        let mut recorded = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let has_earlier = recorded.get(&token).is_some_and(|(_, present)| present.key() <= site.key());
        if !has_earlier {
            recorded.insert(token.clone(), (reference, site));
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

/// All references of a build, for the link stage.
#[derive(Debug)]
pub(crate) struct ReferenceTable(BTreeMap<String, (Reference, ReferenceSite)>);

impl ReferenceTable {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &(Reference, ReferenceSite)> {
        self.0.values()
    }

    /// The site of a reference.
    pub(crate) fn site(&self, reference: &Reference) -> Option<&ReferenceSite> {
        self.0.get(&reference.token()).map(|(_, site)| site)
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
    fn content_is_split_at_recorded_tokens_only() {
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
    fn the_first_place_of_a_reference_stays_in_any_order_of_recording() {
        let places = [("b.css", 1), ("a.css", 7), ("a.css", 3)];
        let references = References::default();
        for (name, at) in places {
            references
                .record(reference("a.svg"), ReferenceSite::Source(Text::new(name, "0123456789"), at..at + 1));
        }
        let table = references.into_table();
        let (_, site) = table.iter().next().expect("one reference");
        assert_eq!(site.key(), (0, "a.css", 3));
    }
}
