//! Errors of Tailwind without a place.

use std::fmt::Display;

use crate::Error;

/// An error of Tailwind that names no source.
pub(super) fn failed(problem: impl Display) -> Error {
    Error::Tool { tool: "Tailwind", problem: problem.to_string(), help: None }
}
