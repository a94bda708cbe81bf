//! Errors of Tailwind without a place.

use crate::Error;

/// An error of Tailwind that names no source.
pub(super) fn failed(problem: String) -> Error {
    Error::Tool { tool: "Tailwind", problem, help: None }
}
