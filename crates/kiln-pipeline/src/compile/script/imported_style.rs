//! Style sheets that scripts import.

use std::{collections::BTreeMap, path::Path};

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
        let before = module.sheets.iter().map(|(sheet, _)| specifier(file, sheet)).collect();
        Ok((own, Self { before, names: module.exports }))
    }
}

/// The name by which the module `from` imports the file `to`, without the folders above both: a source map of
/// development holds it.
fn specifier(from: &Path, to: &Path) -> String {
    let folder = from.parent().unwrap_or(from);
    let shared = folder.components().zip(to.components()).take_while(|(one, other)| one == other).count();
    let up = folder.components().skip(shared).map(|_| "..".to_owned());
    let down = to.components().skip(shared).map(|part| part.as_os_str().to_string_lossy().into_owned());
    format!("./{}", up.chain(down).collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_specifier_names_no_folder_above_both_files() {
        for (from, to, expected) in [
            ("/p/assets/card.module.css", "/p/assets/box.module.css", "./box.module.css"),
            ("/p/assets/ui/card.module.css", "/p/assets/base.module.css", "./../base.module.css"),
            ("/p/assets/card.module.css", "/p/assets/ui/box.module.css", "./ui/box.module.css"),
        ] {
            assert_eq!(specifier(Path::new(from), Path::new(to)), expected);
        }
    }
}
