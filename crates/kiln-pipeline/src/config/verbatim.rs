//! `verbatim` in `[package.metadata.kiln]`, and the names for which clients ask at the root of every site.

use kiln_manifest::LogicalPath;
use toml::Spanned;

use super::glob_list::GlobList;
use crate::{Result, text::Text};

/// Files at the root for which browsers, crawlers and verifiers ask without reading a page.
const ROOT_NAMES: [&str; 17] = [
    ".well-known/**",
    "BingSiteAuth.xml",
    "ads.txt",
    "app-ads.txt",
    "apple-touch-icon*.png",
    "baidu_verify_*.html",
    "browserconfig.xml",
    "favicon.ico",
    "google[0-9a-f]*.html",
    "humans.txt",
    "llms.txt",
    "manifest.webmanifest",
    "pinterest-*.html",
    "robots.txt",
    "security.txt",
    "sitemap*.xml",
    "yandex_*.html",
];

/// Files that are served under their own names.
#[derive(Clone, Debug)]
pub struct Verbatim {
    root_names: GlobList,
    added: GlobList,
    /// Globs behind `!`.
    removed: GlobList,
}

impl Verbatim {
    pub(super) fn checked(text: &Text, patterns: Vec<Spanned<String>>) -> Result<Self> {
        let (removed, added): (Vec<_>, Vec<_>) =
            patterns.into_iter().partition(|pattern| pattern.get_ref().starts_with('!'));
        let removed = removed.into_iter().map(|pattern| {
            Spanned::new(pattern.span(), pattern.get_ref().trim_start_matches('!').to_owned())
        });
        let root_names = ROOT_NAMES.map(|name| Spanned::new(0..0, name.to_owned()));
        Ok(Self {
            root_names: GlobList::checked(text, &root_names)?,
            added: GlobList::checked(text, &added)?,
            removed: GlobList::checked(text, &removed.collect::<Vec<_>>())?,
        })
    }

    /// Warnings for globs that match none of `files`.
    pub(super) fn unmatched(&self, files: &[&str]) -> Vec<String> {
        [&self.added, &self.removed].iter().flat_map(|globs| globs.unmatched("verbatim", files)).collect()
    }

    /// Whether the file keeps its name.
    pub(crate) fn is_match(&self, path: &LogicalPath) -> bool {
        let path = path.as_str();
        (self.added.is_match(path) || self.root_names.is_match(path)) && !self.removed.is_match(path)
    }

    /// Whether the file keeps its name alone: a web manifest at the root refers to files with fingerprints.
    pub(crate) fn is_compiled(&self, path: &LogicalPath) -> bool {
        self.is_match(path) && !self.added.is_match(path.as_str())
    }
}
