//! The embedded migrations.

use include_dir::{Dir, include_dir};
use kiln::migrate::{self, FilesError, Migrations};

static FOLDER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/migrations");

/// The command that applies pending migrations.
pub const COMMAND: &str = "whatsit migrate";

/// The migrations, checked.
///
/// # Errors
/// When a name, the numbering or a text breaks a rule; the build checks the same rules.
pub fn load() -> Result<Migrations, FilesError> {
    migrate::load(&FOLDER)
}
