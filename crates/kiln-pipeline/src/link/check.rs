//! Checks of outputs: colliding names, colliding URLs, and references to outputs that do not exist or are private.

use std::collections::BTreeMap;

use kiln_manifest::{Exposure, LogicalPath};

use super::output::Linked;
use crate::{
    Error, Result,
    compile::Compiled,
    reference::{Form, ReferenceTable},
};

/// The position of each output, by name.
pub(super) type Index<'a> = BTreeMap<&'a LogicalPath, usize>;

/// The index of outputs. Names must differ by more than case: not every file system distinguishes `Logo.svg` from
/// `logo.svg`.
pub(super) fn positions(outputs: &[Compiled]) -> Result<Index<'_>> {
    let mut positions = BTreeMap::new();
    let mut folded: BTreeMap<String, &LogicalPath> = BTreeMap::new();
    let mut errors = Vec::new();
    for (position, output) in outputs.iter().enumerate() {
        if let Some(other) = folded.insert(output.path.as_str().to_lowercase(), &output.path) {
            errors.push(Error::Tree {
                path: format!("assets/{}", output.path).into(),
                problem: format!("duplicate output name: `{other}`"),
                help: "rename one of the sources: scripts become `.js`, style sheets `.css`, and case is ignored"
                    .to_owned(),
            });
        }
        positions.insert(&output.path, position);
    }
    Error::all(errors)?;
    Ok(positions)
}

/// Checks that every reference has a target that is served.
pub(super) fn check(outputs: &[Compiled], index: &Index<'_>, references: &ReferenceTable) -> Result<()> {
    let mut errors = Vec::new();
    for (reference, site) in references.iter().filter(|(reference, _)| reference.form != Form::Integrity) {
        let error = match index.get(&reference.target).map(|position| outputs[*position].exposure) {
            None => site.error(format!("`{}` is not built", reference.target)).map(|error| {
                error.with_help(if is_page(&reference.target) {
                    "rename it without `_` at the beginning: HTML with it is a partial, for `<kiln-include>`"
                } else {
                    "load it from a page, or add it to `entries` in [package.metadata.kiln]: other styles and scripts are not built"
                })
            }),
            Some(Exposure::Private) => {
                site.error(format!("`{}` is private", reference.target)).map(|error| {
                    error.with_label("never served").with_help(
                        "remove it from `private` in [package.metadata.kiln], or remove the reference",
                    )
                })
            }
            Some(_) => None,
        };
        errors.extend(error.map(Error::from));
    }
    Error::all(errors)
}

fn is_page(path: &LogicalPath) -> bool {
    path.extension().is_some_and(|extension| extension.to_ascii_lowercase().starts_with("htm"))
}

/// Checks that no two outputs are served at one URL.
pub(super) fn check_urls(linked: &[Linked]) -> Result<()> {
    let mut urls: BTreeMap<&str, &LogicalPath> = BTreeMap::new();
    let mut errors = Vec::new();
    for output in linked {
        let Some(url) = output.url.as_deref() else { continue };
        if let Some(other) = urls.insert(url, &output.path) {
            errors.push(Error::Tree {
                path: format!("assets/{}", output.path).into(),
                problem: format!("duplicate URL `{url}`: `{other}` has the same"),
                help: "rename one of them".to_owned(),
            });
        }
    }
    Error::all(errors)
}
