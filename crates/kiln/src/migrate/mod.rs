//! Migrations: the release step that brings a database's schema up to this executable.
//!
//! [`Migrations`] are the embedded files, checked as a whole; a [`Target`] is the database. [`apply`] and
//! [`status`] serve the command line. [`check`] is for start-up and changes nothing: migrations never run
//! inside it.
//!
//! Every migration and its record commit together, so a runner that is killed leaves either both or
//! neither, and one runner works at a time. A migration without a transaction is recorded as begun first, so
//! that an interrupted one is reported as half applied.
//!
//! There are no down migrations: another migration undoes the former. `-- kiln: compatible-from = N` in a
//! migration lets executables go back as far as N without touching the schema.

mod error;
mod lock_holder;
mod plan;
mod private_file;
mod runner;
mod session;
mod target;
mod transient;

pub use error::MigrateError;
use include_dir::Dir;
pub use kiln_manifest::migration::{Engine, FilesError, Migration, Migrations};
pub use lock_holder::LockHolder;
pub use plan::{Goal, MigrationState, MigrationStatus};
pub use runner::{Resolution, apply, check, pending, settle, status};
pub use target::Target;
pub use transient::{is_busy, is_transient};

/// Checks the files of an embedded folder: `0001_name.sql`, and where engines differ
/// `0001_name.sqlite.sql` and `0001_name.postgres.sql`.
///
/// # Errors
/// When a name, the numbering or a text breaks a rule; the build refuses the same.
pub fn load(folder: &Dir<'_>) -> Result<Migrations, FilesError> {
    Migrations::from_files(folder.files().map(|file| (file.path().to_string_lossy(), file.contents())))
}
