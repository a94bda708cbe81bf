//! Checks: outputs in each other's way, and references that lead nowhere.

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

/// Names must differ by more than case: file systems and people do not all tell `Logo.svg` from
/// `logo.svg`.
pub(super) fn positions(outputs: &[Compiled]) -> Result<Index<'_>> {
    let mut positions = BTreeMap::new();
    let mut folded: BTreeMap<String, &LogicalPath> = BTreeMap::new();
    let mut errors = Vec::new();
    for (position, output) in outputs.iter().enumerate() {
        if let Some(other) = folded.insert(output.path.as_str().to_lowercase(), &output.path) {
            errors.push(Error::Tree {
                path: format!("assets/{}", output.path).into(),
                problem: format!("its output has the name of another's: `{other}`"),
                help: "rename one of the sources; a script becomes `.js`, and case makes no difference"
                    .to_owned(),
            });
        }
        positions.insert(&output.path, position);
    }
    Error::all(errors)?;
    Ok(positions)
}

/// References must lead to an output that is served.
pub(super) fn check(outputs: &[Compiled], index: &Index<'_>, references: &ReferenceTable) -> Result<()> {
    let mut errors = Vec::new();
    for (reference, origin) in references.iter().filter(|(reference, _)| reference.form != Form::Integrity) {
        let error = match index.get(&reference.target).map(|position| outputs[*position].exposure) {
            None => origin.error(format!("`{}` is not built", reference.target)).map(|error| {
                error.with_help(
                    "styles and scripts are built when a page loads them or `entries` in [package.metadata.kiln] names them",
                )
            }),
            Some(Exposure::Private) => {
                origin.error(format!("`{}` is private", reference.target)).map(|error| {
                    error.with_label("never served").with_help(
                        "take it out of `private` in [package.metadata.kiln], or do not refer to it",
                    )
                })
            }
            Some(_) => None,
        };
        errors.extend(error.map(Error::from));
    }
    Error::all(errors)
}

/// No two outputs may be served at one URL.
pub(super) fn distinct_urls(linked: &[Linked]) -> Result<()> {
    let mut urls: BTreeMap<&str, &LogicalPath> = BTreeMap::new();
    let mut errors = Vec::new();
    for output in linked {
        let Some(url) = output.url.as_deref() else { continue };
        if let Some(other) = urls.insert(url, &output.path) {
            errors.push(Error::Tree {
                path: format!("assets/{}", output.path).into(),
                problem: format!("served at `{url}`, as is `{other}`"),
                help: "rename one of them".to_owned(),
            });
        }
    }
    Error::all(errors)
}
