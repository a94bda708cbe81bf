//! Style sheets that scripts import.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use crate::{
    Result,
    compile::{
        css::Mapped,
        style::{Styles, is_module},
    },
};

/// An imported style sheet as the script sees it: a module that holds names, or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ImportedStyle {
    /// The sheets that have to come before it.
    pub(super) before: Vec<PathBuf>,
    /// The generated names, by those of the source.
    pub(super) names: BTreeMap<String, String>,
}

impl ImportedStyle {
    /// The text of the sheet `file`, and its module.
    pub(super) fn compile(styles: &Styles<'_>, file: &Path) -> Result<(Mapped, Self)> {
        if !is_module(file) {
            return Ok((styles.bundled(file)?, Self::default()));
        }
        let mut module = styles.module(file)?;
        let own = module.sheets.pop().map(|(_, css)| css).unwrap_or_default();
        let before = module.sheets.into_iter().map(|(file, _)| file).collect();
        Ok((own, Self { before, names: module.exports }))
    }
}
