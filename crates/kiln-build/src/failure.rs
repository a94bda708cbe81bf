//! The failure of a build script.

use std::fmt;

/// The return value of a build script's `main`.
pub type Outcome = Result<(), Failure>;

/// The rendered errors of a build. Cargo prints them as they are, into logs as well, so that they have no colours.
pub struct Failure(pub(crate) String);

/// The text as it is: `main` prints the error that it returns in this format.
impl fmt::Debug for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}
