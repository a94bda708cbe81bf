//! Migrations: the release step that brings a database's schema up to this executable.
//!
//! [`Migrations`] are the embedded files, checked as a whole; a [`Target`] is the database. [`apply`] and
//! [`status`] are for the command line. [`check`] is for start-up and changes nothing: migrations never run
//! inside it.
//!
//! Every migration and its record commit together, so a runner that is killed leaves either both or
//! neither, and one runner works at a time. A migration that says that it cannot run inside a transaction is
//! recorded as begun before, so that one cut short is told.
//!
//! There is no way down: what a migration did is undone by another one. `-- kiln: compatible-from = N` in a
//! migration lets executables go back as far as N without touching the schema.

mod error;
mod files;
mod header;
mod holder;
mod plan;
mod reach;
mod runner;
mod session;
mod target;

pub use error::{FilesError, MigrateError};
pub use files::{Migration, Migrations};
pub use holder::Holder;
pub use plan::{Entry, EntryState, Goal};
pub use reach::is_unreachable;
pub use runner::{Settled, apply, check, pending, settle, status};
pub use target::{Engine, Target};
