//! References to files in languages that no build compiles, and that browsers cannot load.

use std::{ops::Range, path::Path};

use crate::{Result, error::SourceError, source::uncompiled, text::Text};

/// Checks that the target of a reference from a page or a style sheet is in a language that browsers read, or that the
/// build compiles.
///
/// # Errors
/// When it is in another language.
pub(super) fn check_loadable(text: &Text, place: Range<usize>, target: &Path) -> Result<()> {
    match unsupported(target) {
        None => Ok(()),
        Some(message) => Err(with_ways_out(text.error(place, message)).into()),
    }
}

/// The message about a file in a language that no build compiles.
pub(super) fn unsupported(file: &Path) -> Option<String> {
    let language = uncompiled(file.extension()?.to_str()?)?;
    Some(format!("{language} is not supported"))
}

/// The error with its label and the ways out.
pub(super) fn with_ways_out(error: SourceError) -> SourceError {
    error.with_label("browsers cannot load it").with_help(
        "compile it in an external step, or keep your Vite as one (`[[package.metadata.kiln.steps]]`), and refer to the output",
    )
}
