//! The files from which a build was made, so that an executable can be compared with a tree.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use crate::{Digest, LogicalPath, migration::normalised};

/// Folders below the package whose every file is a source, [temporary files](crate::is_editor_temporary) left out.
pub const SOURCE_FOLDERS: [&str; 3] = ["assets", "migrations", "public"];

/// One file from which a build was made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceFile {
    /// Name below the package: `assets/app.css`, `migrations/0001_users.sql`, `package-lock.json`.
    pub path: LogicalPath,
    /// Digest of the content, by [`SourceFile::digest`].
    pub digest: Digest,
}

impl SourceFile {
    /// SHA-256 of the bytes of a source, and of the [normalised] text of a migration, which is the checksum that a
    /// database keeps.
    ///
    /// # Errors
    /// When `content` cannot be read.
    pub fn digest(path: &LogicalPath, mut content: impl Read) -> io::Result<Digest> {
        if !names_migration(path) {
            return Digest::of_reader(content);
        }
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes)?;
        Ok(match str::from_utf8(&bytes) {
            Ok(text) => Digest::of(normalised(text).as_bytes()),
            Err(_) => Digest::of(&bytes),
        })
    }

    /// Whether the file is a migration, which runs on a database and is never served.
    #[must_use]
    pub fn is_migration(&self) -> bool {
        names_migration(&self.path)
    }
}

fn names_migration(path: &LogicalPath) -> bool {
    path.parent() == "migrations" && path.extension() == Some("sql")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_of_a_migration_is_that_of_its_text_in_every_checkout() {
        let digest = |path: &str, content: &str| {
            SourceFile::digest(&LogicalPath::new(path).expect(path), content.as_bytes()).expect("in memory")
        };
        let lines = ["\u{feff}a;\r\nb;\r", "a;\nb;\n"];
        let [one, other] = lines.map(|text| digest("migrations/0001_a.sql", text));
        assert_eq!(one, other);
        let [one, other] = lines.map(|text| digest("assets/a.sql", text));
        assert_ne!(one, other);
    }
}
