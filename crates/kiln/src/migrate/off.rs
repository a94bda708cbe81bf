//! Migrations without the feature `migrate`: an error that cannot happen.

use std::{convert::Infallible, fmt};

use crate::exit::Exit;

/// An error of migrations, of which there is no value.
#[derive(Debug)]
pub struct MigrateError(Infallible);

impl MigrateError {
    pub(crate) fn exit(&self) -> Exit {
        match self.0 {}
    }
}

impl fmt::Display for MigrateError {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl std::error::Error for MigrateError {}
