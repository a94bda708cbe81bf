//! Style sheets that scripts import.

use std::{collections::BTreeMap, path::Path};

use super::glob_pattern::relative;
use crate::{
    Result,
    compile::{
        css::sheets::Mapped,
        style::{Styles, is_module},
    },
};

/// The module of an imported style sheet: generated names of a CSS module, or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ImportedStyle {
    /// Sheets that have to precede it, as the module imports them.
    pub(super) before: Vec<String>,
    /// Generated names, by name in the source.
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
        let before =
            module.sheets.iter().map(|(sheet, _)| relative(file.parent().unwrap_or(file), sheet)).collect();
        Ok((own, Self { before, names: module.exports }))
    }
}
