//! Globs of `Cargo.toml` and of `@source`.

use globset::{Glob, GlobBuilder};

/// A glob in which `*` and `?` stop at `/`.
pub(crate) fn glob(pattern: &str) -> Result<Glob, globset::Error> {
    GlobBuilder::new(pattern).literal_separator(true).build()
}
