//! References as files write them, `url(logo.svg)` and `new URL("./m.wasm", import.meta.url)`: from a source below
//! `assets/`, or from a file of a package.

use std::{ops::Range, path::Path};

use kiln_manifest::LogicalPath;

use super::context::Context;
use crate::{
    Result,
    reference::{Purpose, decoded, is_elsewhere, split_suffix},
    source::Source,
    text::Text,
};

/// A reference at its place in a file.
#[derive(Clone, Debug)]
pub(super) struct FileReference<'a> {
    pub(super) file: &'a Path,
    /// The name of the file below `assets/`; `None` for a file of a package.
    pub(super) base: Option<&'a LogicalPath>,
    pub(super) text: &'a Text,
    pub(super) place: Range<usize>,
    pub(super) written: &'a str,
    pub(super) purpose: Purpose,
}

impl FileReference<'_> {
    /// The target, below `assets/` or in a package, with the query and fragment. `None` for another host and for a route.
    ///
    /// # Errors
    /// When there is no such file.
    pub(super) fn target(&self, context: &Context<'_>) -> Result<Option<(Source, String)>> {
        let Some(base) = self.base else { return self.of_package(context) };
        let here = (self.text, self.place.clone());
        let found = context.tree.resolve(base, self.written, self.purpose, here);
        let found = found.map(|found| found.map(|(source, suffix)| (source.clone(), suffix)));
        found.or_else(|error| self.in_package(context).map(Some).ok_or(error))
    }

    /// The target of a reference in a file of a package: another file of it, or one of another package.
    fn of_package(&self, context: &Context<'_>) -> Result<Option<(Source, String)>> {
        let (name, suffix) = split_suffix(self.written.trim());
        if name.is_empty() || name.starts_with('/') || is_elsewhere(name) {
            return Ok(None);
        }
        let beside = context.packages.source(&self.folder().join(&*decoded(name)));
        let found = beside.map(|source| (source, suffix.to_owned())).or_else(|| self.in_package(context));
        found.map(Some).ok_or_else(|| {
            self.text
                .error(self.place.clone(), format!("`{name}` not found"))
                .with_label("no such file in this package")
                .with_help(
                    "install another version of the package, or copy this file below assets/ and edit it there",
                )
                .into()
        })
    }

    /// The file `package/file` of a package.
    fn in_package(&self, context: &Context<'_>) -> Option<(Source, String)> {
        let (name, suffix) = split_suffix(self.written.trim());
        let file = context.packages.file(self.folder(), &decoded(name))?;
        Some((context.packages.source(&file)?, suffix.to_owned()))
    }

    fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(self.file)
    }
}
