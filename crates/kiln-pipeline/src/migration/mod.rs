//! Migrations: checked here, embedded by `include_dir` in the application, applied before a release serves.
//!
//! The executable reads the same files by the same rules of names, numbers and headers. The toolchain then applies the
//! whole sequence to a scratch database.

mod place;

#[cfg(feature = "toolchain")]
mod scratch;

mod check;

pub(crate) use self::check::check;
