//! Globs of `[package.metadata.kiln]`.

use std::{ops::Range, path::Path};

use globset::{Glob, GlobSet, GlobSetBuilder};
use toml::Spanned;

use crate::{Result, glob::glob, text::Text};

/// Globs in which `*` and `?` stop at `/`.
#[derive(Clone, Debug, Default)]
pub struct GlobList {
    set: GlobSet,
    patterns: Vec<String>,
}

impl GlobList {
    pub(super) fn checked(text: &Text, patterns: &[Spanned<String>]) -> Result<Self> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            set.add(parsed_glob(text, pattern.get_ref(), pattern.span())?);
        }
        let set = set.build().map_err(|error| text.error(0..0, error.to_string()))?;
        Ok(Self { set, patterns: patterns.iter().map(|pattern| pattern.get_ref().clone()).collect() })
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
}

/// The glob `pattern` at `place`.
pub(super) fn parsed_glob(text: &Text, pattern: &str, place: Range<usize>) -> Result<Glob> {
    glob(pattern).map_err(|error| {
        text.error(place, format!("invalid glob: {}", error.kind()))
            .with_help("`*` matches a part of a name, `**` folders, `{a,b}` alternatives")
            .into()
    })
}
