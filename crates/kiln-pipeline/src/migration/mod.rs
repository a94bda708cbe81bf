//! Migrations: checked here, embedded by `include_dir` in the application, applied before a release serves.
//!
//! The rules of names, numbers and headers are those by which the executable reads the same files. The toolchain then
//! applies the whole sequence to a scratch database.

mod place;

#[cfg(feature = "toolchain")]
mod scratch;

mod check;

pub(crate) use self::check::check;
