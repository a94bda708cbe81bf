//! The file of a new SQLite database.

use std::{fs::OpenOptions, path::Path};

/// Makes `file` for its owner alone, unless it exists; SQLite gives its journals the same mode. An error is left to
/// SQLite, which meets it again.
pub(super) fn create(file: &Path) {
    // A database in memory has a URI for its name.
    if !file.to_string_lossy().starts_with("file:") {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let _ = options.open(file);
    }
}
