//! Migration files and their rules, which the build and the executable check alike.
//!
//! `0001_name.sql` is for every engine; where engines differ, `0001_name.sqlite.sql` and
//! `0001_name.postgres.sql` stand in for it. Numbers go from 1 without gaps.

mod error;
mod header;
mod name;
mod sequence;
mod text;

pub use error::FilesError;
pub use header::Transaction;
pub use name::Engine;
pub use sequence::{Migration, Migrations};
pub use text::normalised;
