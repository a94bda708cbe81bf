//! Migrations: the release step that brings a database's schema up to this executable.
//!
//! [`Migrations`] are the embedded files, checked as a whole; a [`Target`] is the database. [`apply`] and
//! [`status`] are for the command line. [`check`] is for start-up and changes nothing: migrations never run
//! inside it.
//!
//! Every migration and its record commit together, so a runner that is killed leaves either both or
//! neither, and one runner works at a time.

mod error;
mod files;
mod plan;
mod runner;
mod session;
mod target;

pub use error::{FilesError, MigrateError};
pub use files::{Migration, Migrations};
pub use plan::{Entry, EntryState};
pub use runner::{apply, check, pending, status};
pub use target::{Engine, Target};
