//! All migrations of an application, checked as a whole.

use std::collections::{BTreeMap, btree_map::Entry};

use super::{
    Engine, FilesError, Transaction,
    header::Header,
    name::{Dialect, FileName},
    text::text_of,
};
use crate::{Digest, is_editor_temporary};

/// All migrations of an application, numbered from 1 without gaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Migrations(Vec<Migration>);

/// One migration: its text for each engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Migration {
    version: i64,
    name: String,
    sqlite: Script,
    postgres: Script,
}

/// The text for one engine.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Script {
    file: String,
    sql: String,
    header: Header,
}

impl Migrations {
    /// Checks the files of `migrations/`, given by name and content. [Temporary files](is_editor_temporary) of editors do
    /// not count.
    ///
    /// # Errors
    /// When a name, the numbering or a text breaks a rule.
    pub fn from_files(
        files: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<[u8]>)>,
    ) -> Result<Self, FilesError> {
        let mut drafts: BTreeMap<i64, Draft> = BTreeMap::new();
        for (file, contents) in files {
            let file = file.as_ref();
            if is_editor_temporary(file) {
                continue;
            }
            let FileName { version, name, dialect } =
                FileName::parse(file).ok_or_else(|| FilesError::Name { file: file.to_owned() })?;
            let sql = text_of(file, contents.as_ref())?;
            let header = Header::parse(file, version, &sql)?;
            let draft = match drafts.entry(version) {
                Entry::Vacant(vacant) => vacant.insert(Draft::new(file, name)),
                Entry::Occupied(occupied) => occupied.into_mut(),
            };
            draft.add(name, dialect, Script { file: file.to_owned(), sql, header })?;
        }
        let mut migrations = Vec::with_capacity(drafts.len());
        for ((version, draft), expected) in drafts.into_iter().zip(1..) {
            if version != expected {
                return Err(FilesError::Gap { missing: expected, file: draft.file });
            }
            migrations.push(draft.finish(version)?);
        }
        Ok(Self(migrations))
    }

    /// The migrations in order.
    pub fn iter(&self) -> impl Iterator<Item = &Migration> {
        self.0.iter()
    }

    /// The number of the last migration; 0 without one.
    #[must_use]
    pub fn newest(&self) -> i64 {
        self.0.last().map_or(0, Migration::version)
    }

    /// The migration with this number.
    #[must_use]
    pub fn get(&self, version: i64) -> Option<&Migration> {
        let index = usize::try_from(version.checked_sub(1)?).ok()?;
        self.0.get(index)
    }
}

impl Migration {
    /// The number.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// The name, without number and extension.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The name of the file for `engine`.
    #[must_use]
    pub fn file(&self, engine: Engine) -> &str {
        &self.script(engine).file
    }

    /// The SQL for `engine`, with normalised line ends.
    #[must_use]
    pub fn sql(&self, engine: Engine) -> &str {
        &self.script(engine).sql
    }

    /// Newest migration of the oldest executable that still works with the schema that this migration leaves, where
    /// one older than the migration does.
    #[must_use]
    pub fn compatible_from(&self, engine: Engine) -> Option<i64> {
        self.script(engine).header.compatible_from
    }

    /// Transaction in which the migration runs.
    #[must_use]
    pub fn transaction(&self, engine: Engine) -> Transaction {
        self.script(engine).header.transaction
    }

    /// SHA-256 of the SQL for `engine`, in hexadecimal.
    #[must_use]
    pub fn checksum(&self, engine: Engine) -> String {
        Digest::of(self.sql(engine).as_bytes()).to_string()
    }

    fn script(&self, engine: Engine) -> &Script {
        match engine {
            Engine::Sqlite => &self.sqlite,
            Engine::Postgres => &self.postgres,
        }
    }
}

/// The files of one number while they are collected.
struct Draft {
    file: String,
    name: String,
    portable: Option<Script>,
    sqlite: Option<Script>,
    postgres: Option<Script>,
}

impl Draft {
    fn new(file: &str, name: &str) -> Self {
        Self { file: file.to_owned(), name: name.to_owned(), portable: None, sqlite: None, postgres: None }
    }

    fn add(&mut self, name: &str, dialect: Dialect, script: Script) -> Result<(), FilesError> {
        let slot = match dialect {
            Dialect::Portable => &mut self.portable,
            Dialect::Only(Engine::Sqlite) => &mut self.sqlite,
            Dialect::Only(Engine::Postgres) => &mut self.postgres,
        };
        // Numbers can be written with more zeros, so that a slot can be taken under the same name.
        if self.name != name || slot.is_some() {
            return Err(FilesError::Twins { one: self.file.clone(), other: script.file });
        }
        *slot = Some(script);
        Ok(())
    }

    fn finish(self, version: i64) -> Result<Migration, FilesError> {
        let Self { file, name, portable, sqlite, postgres } = self;
        match (sqlite.or_else(|| portable.clone()), postgres.or(portable)) {
            (Some(sqlite), Some(postgres)) => Ok(Migration { version, name, sqlite, postgres }),
            _ => Err(FilesError::Incomplete { file, version, name }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(files: &[(&str, &str)]) -> Result<Migrations, FilesError> {
        Migrations::from_files(files.iter().copied())
    }

    #[test]
    fn numbers_go_from_one_without_gaps() {
        let gap = |missing, file: &str| Err(FilesError::Gap { missing, file: file.to_owned() });
        assert_eq!(load(&[("0002_b.sql", "")]), gap(1, "0002_b.sql"));
        assert_eq!(load(&[("0003_c.sql", ""), ("0001_a.sql", "")]), gap(2, "0003_c.sql"));
        assert_eq!(load(&[]), Ok(Migrations(Vec::new())));
    }

    #[test]
    fn temporary_files_of_editors_do_not_count_and_anything_else_does() {
        let numbers = load(&[("0001_a.sql", ""), ("0001_a.sql~", ""), (".0002_b.sql.swp", "")]);
        assert_eq!(numbers.expect("valid").newest(), 1);
        assert_eq!(load(&[("notes.md", "")]), Err(FilesError::Name { file: "notes.md".to_owned() }));
    }

    #[test]
    fn one_number_is_one_migration() {
        for files in [[("0001_a.sql", ""), ("0001_b.sql", "")], [("0001_a.sql", ""), ("00001_a.sql", "")]] {
            assert!(matches!(load(&files), Err(FilesError::Twins { .. })), "{files:?}");
        }
    }

    #[test]
    fn a_twin_stands_in_for_the_portable_file() {
        let migrations = load(&[("0001_a.sql", "p"), ("0001_a.postgres.sql", "q")]).expect("valid");
        let migration = migrations.get(1).expect("the first");
        assert_eq!((migration.sql(Engine::Sqlite), migration.sql(Engine::Postgres)), ("p", "q"));
        assert_eq!(migration.file(Engine::Postgres), "0001_a.postgres.sql");
        assert!(matches!(load(&[("0001_a.sqlite.sql", "")]), Err(FilesError::Incomplete { .. })));
    }

    #[test]
    fn line_ends_do_not_change_a_checksum() {
        let checksum = |text| {
            let migrations = load(&[("0001_a.sql", text)]).expect("valid");
            migrations.get(1).expect("the first").checksum(Engine::Sqlite)
        };
        assert_eq!(checksum("a;\nb;\n"), checksum("\u{feff}a;\r\nb;\r"));
        assert_ne!(checksum("a;\nb;\n"), checksum("a;\n\nb;\n"));
    }
}
