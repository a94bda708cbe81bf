//! The files from which a build was made, so that an executable can be compared with a tree.

use std::io::{self, Read};

use serde::{Deserialize, Serialize};

use crate::{Digest, LogicalPath, migration::normalised};

/// The folders below the package whose every file is a source, but for [droppings](is_dropping).
pub const SOURCE_FOLDERS: [&str; 2] = ["assets", "migrations"];

/// One file from which a build was made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SourceFile {
    /// Its name below the package: `assets/app.css`, `migrations/0001_users.sql`, `package-lock.json`.
    pub path: LogicalPath,
    /// See [`SourceFile::digest`].
    pub digest: Digest,
}

impl SourceFile {
    /// The SHA-256 of a source: of its bytes, and for a migration of its [normalised] text, which is the
    /// checksum that a database keeps of it.
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

    /// Whether it is run on a database, and never served.
    #[must_use]
    pub fn is_migration(&self) -> bool {
        names_migration(&self.path)
    }
}

fn names_migration(path: &LogicalPath) -> bool {
    path.parent() == "migrations" && path.extension() == Some("sql")
}

/// Whether a file or folder of this name is no source: dotfiles but for `.well-known`, and what editors
/// leave beside the file that they save.
#[must_use]
pub fn is_dropping(name: &str) -> bool {
    (name.starts_with('.') && name != ".well-known")
        || name.ends_with('~')
        || (name.starts_with('#') && name.ends_with('#'))
        || name.rsplit_once('.').is_some_and(|(stem, extension)| {
            !stem.is_empty() && matches!(extension, "swp" | "swo" | "tmp" | "orig" | "bak")
        })
        || matches!(name, "4913" | "Thumbs.db")
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

    #[test]
    fn what_editors_leave_is_no_source() {
        for name in [".DS_Store", "a.css~", "#a.css#", ".a.css.swp", "a.css.orig", "4913"] {
            assert!(is_dropping(name), "{name}");
        }
        for name in [".well-known", "a.css", "#a.css", "tmp", "bak"] {
            assert!(!is_dropping(name), "{name}");
        }
    }
}
