//! Migration files and the rules that they follow: the build checks them, and so does the executable that
//! carries them, so that what one takes the other takes too.
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
