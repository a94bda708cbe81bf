//! Globs of `[package.metadata.kiln]`.

use std::{ops::Range, path::Path};

use globset::{Glob, GlobMatcher, GlobSet, GlobSetBuilder};
use toml::Spanned;

use crate::{Result, error::nearest, glob::glob, text::Text};

/// Globs in which `*` and `?` stop at `/`.
#[derive(Clone, Debug, Default)]
pub struct GlobList {
    set: GlobSet,
    patterns: Vec<String>,
    written: Vec<WrittenGlob>,
}

/// A glob with its place in `Cargo.toml`.
#[derive(Clone, Debug)]
pub struct WrittenGlob {
    matcher: GlobMatcher,
    place: (Text, Range<usize>),
}

impl WrittenGlob {
    pub(super) fn checked(text: &Text, pattern: &Spanned<String>) -> Result<Self> {
        let matcher = parsed_glob(text, pattern.get_ref(), pattern.span())?.compile_matcher();
        Ok(Self { matcher, place: (text.clone(), pattern.span()) })
    }

    /// Whether the glob matches.
    #[must_use]
    pub fn is_match(&self, path: impl AsRef<Path>) -> bool {
        self.matcher.is_match(path)
    }

    /// The warning for a glob of `key` that matches none of `names`, which are names of `kind`s.
    pub(super) fn unmatched(&self, key: &str, kind: &str, names: &[&str]) -> Option<String> {
        if names.iter().any(|name| self.is_match(name)) {
            return None;
        }
        let (text, place) = &self.place;
        let (line, column) = text.position(place.start);
        let (file, written) = (text.name(), self.matcher.glob().glob());
        let help = nearest(written, names.iter().copied());
        let help = help.unwrap_or_else(|| "names are those below assets/".to_owned());
        Some(format!("{file}:{line}:{column}: glob `{written}` of `{key}` matches no {kind}; {help}"))
    }
}

impl GlobList {
    pub(super) fn checked(text: &Text, patterns: &[Spanned<String>]) -> Result<Self> {
        let written: Vec<WrittenGlob> =
            patterns.iter().map(|pattern| WrittenGlob::checked(text, pattern)).collect::<Result<_>>()?;
        let mut set = GlobSetBuilder::new();
        for glob in &written {
            set.add(glob.matcher.glob().clone());
        }
        let set = set.build().map_err(|error| text.error(0..0, error.to_string()))?;
        let patterns = patterns.iter().map(|pattern| pattern.get_ref().clone()).collect();
        Ok(Self { set, patterns, written })
    }

    /// The globs of a key, or its default.
    pub(super) fn checked_or(
        text: &Text,
        patterns: Option<Vec<Spanned<String>>>,
        default: &[&str],
    ) -> Result<Self> {
        let default = || default.iter().map(|glob| Spanned::new(0..0, (*glob).to_owned())).collect();
        Self::checked(text, &patterns.unwrap_or_else(default))
    }

    /// Whether one of the globs matches.
    #[must_use]
    pub fn is_match(&self, path: impl AsRef<Path>) -> bool {
        self.set.is_match(path)
    }

    /// The globs as they are written.
    #[must_use]
    pub fn patterns(&self) -> &[String] {
        &self.patterns
    }

    /// Warnings for the globs of `key` that match none of `files`.
    pub(super) fn unmatched(&self, key: &str, files: &[&str]) -> Vec<String> {
        self.written.iter().filter_map(|glob| glob.unmatched(key, "file", files)).collect()
    }
}

/// The glob `pattern` at `place`.
pub(super) fn parsed_glob(text: &Text, pattern: &str, place: Range<usize>) -> Result<Glob> {
    glob(pattern).map_err(|error| {
        text.error(place, format!("invalid glob: {}", error.kind()))
            .with_help("`*` matches a part of a name, `**` folders, `{a,b}` alternatives")
            .into()
    })
}
