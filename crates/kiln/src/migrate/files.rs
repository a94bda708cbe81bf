//! The migration files that an executable carries, checked as a whole.

use std::collections::{BTreeMap, btree_map::Entry};

use include_dir::Dir;
use kiln_manifest::{Digest, sql::normalised};

use super::{
    Engine, FilesError,
    header::{Header, Transaction},
};

/// All migrations of an executable, numbered from 1 without gaps.
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
    sql: String,
    header: Header,
}

impl Migrations {
    /// Checks the files of an embedded folder: `0001_name.sql`, and where engines differ
    /// `0001_name.sqlite.sql` and `0001_name.postgres.sql`. Files whose names begin with a dot do not count.
    ///
    /// # Errors
    /// When a name, the numbering or a text breaks a rule.
    pub fn load(folder: &Dir<'_>) -> Result<Self, FilesError> {
        let files = folder.files().map(|file| (file.path().to_string_lossy(), file.contents()));
        Self::from_files(files.filter(|(name, _)| !name.starts_with('.')))
    }

    /// Checks the given names and contents.
    fn from_files<'a>(
        files: impl IntoIterator<Item = (impl AsRef<str>, &'a [u8])>,
    ) -> Result<Self, FilesError> {
        let mut drafts: BTreeMap<i64, Draft> = BTreeMap::new();
        for (file, contents) in files {
            let file = file.as_ref();
            let FileName { version, name, dialect } =
                FileName::parse(file).ok_or_else(|| FilesError::Name { file: file.to_owned() })?;
            let sql = text_of(file, contents)?;
            let header = Header::parse(file, version, &sql)?;
            let draft = match drafts.entry(version) {
                Entry::Vacant(vacant) => vacant.insert(Draft::new(file, name)),
                Entry::Occupied(occupied) => occupied.into_mut(),
            };
            draft.add(file, name, dialect, Script { sql, header })?;
        }
        let mut migrations = Vec::with_capacity(drafts.len());
        for ((version, draft), expected) in drafts.into_iter().zip(1..) {
            if version != expected {
                return Err(FilesError::Gap { missing: expected });
            }
            migrations.push(draft.finish(version)?);
        }
        Ok(Self(migrations))
    }

    /// The migrations in order.
    pub fn iter(&self) -> impl Iterator<Item = &Migration> {
        self.0.iter()
    }

    /// The number of the last one; 0 when there is none.
    #[must_use]
    pub fn newest(&self) -> i64 {
        self.0.last().map_or(0, Migration::version)
    }

    pub(super) fn get(&self, version: i64) -> Option<&Migration> {
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

    /// The SQL for `engine`, with normalised line ends.
    #[must_use]
    pub fn sql(&self, engine: Engine) -> &str {
        &self.script(engine).sql
    }

    /// The newest migration of the oldest executable that still works with the schema that this one leaves, if
    /// one older than this works.
    #[must_use]
    pub fn compatible_from(&self, engine: Engine) -> Option<i64> {
        self.script(engine).header.compatible_from
    }

    pub(super) fn transaction(&self, engine: Engine) -> Transaction {
        self.script(engine).header.transaction
    }

    fn script(&self, engine: Engine) -> &Script {
        match engine {
            Engine::Sqlite => &self.sqlite,
            Engine::Postgres => &self.postgres,
        }
    }

    /// SHA-256 of the SQL for `engine`, in hexadecimal.
    #[must_use]
    pub fn checksum(&self, engine: Engine) -> String {
        Digest::of(self.sql(engine).as_bytes()).to_string()
    }
}

/// For whom a file is.
#[derive(Clone, Copy)]
enum Dialect {
    Portable,
    Only(Engine),
}

struct FileName<'a> {
    version: i64,
    name: &'a str,
    dialect: Dialect,
}

impl<'a> FileName<'a> {
    fn parse(file: &'a str) -> Option<Self> {
        let stem = file.strip_suffix(".sql")?;
        let (stem, dialect) = match stem.rsplit_once('.') {
            None => (stem, Dialect::Portable),
            Some((stem, "sqlite")) => (stem, Dialect::Only(Engine::Sqlite)),
            Some((stem, "postgres")) => (stem, Dialect::Only(Engine::Postgres)),
            Some(_) => return None,
        };
        let (digits, name) = stem.split_once('_')?;
        let plain = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_');
        let valid = digits.len() >= 4
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !name.is_empty()
            && name.bytes().all(plain);
        valid.then_some(Self { version: digits.parse().ok()?, name, dialect })
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

    fn add(&mut self, file: &str, name: &str, dialect: Dialect, script: Script) -> Result<(), FilesError> {
        let slot = match dialect {
            Dialect::Portable => &mut self.portable,
            Dialect::Only(Engine::Sqlite) => &mut self.sqlite,
            Dialect::Only(Engine::Postgres) => &mut self.postgres,
        };
        // The same number can be written with more zeros, so a slot can be taken under the same name.
        if self.name != name || slot.is_some() {
            return Err(FilesError::Twins { one: self.file.clone(), other: file.to_owned() });
        }
        *slot = Some(script);
        Ok(())
    }

    fn finish(self, version: i64) -> Result<Migration, FilesError> {
        let Self { name, portable, sqlite, postgres, .. } = self;
        match (sqlite.or_else(|| portable.clone()), postgres.or(portable)) {
            (Some(sqlite), Some(postgres)) => Ok(Migration { version, name, sqlite, postgres }),
            _ => Err(FilesError::Incomplete { version, name }),
        }
    }
}

/// The text as every checkout has it.
fn text_of(file: &str, contents: &[u8]) -> Result<String, FilesError> {
    let text = str::from_utf8(contents).map_err(|_| FilesError::Encoding { file: file.to_owned() })?;
    let text = normalised(text);
    match text.lines().find(|line| ends_transaction(line)) {
        None => Ok(text),
        Some(line) => {
            Err(FilesError::Transaction { file: file.to_owned(), statement: line.trim().to_owned() })
        }
    }
}

/// Whether a line is a transaction statement of its own. The bodies of triggers and functions hold `BEGIN`
/// without a semicolon and `END;`, so neither counts.
fn ends_transaction(line: &str) -> bool {
    let statement = line.trim().to_ascii_lowercase();
    let Some(statement) = statement.strip_suffix(';') else { return false };
    let words: Vec<&str> = statement.split_whitespace().collect();
    matches!(
        words.as_slice(),
        ["begin" | "commit" | "rollback"]
            | ["begin" | "commit" | "rollback", "transaction" | "work"]
            | ["begin", "immediate" | "exclusive" | "deferred"]
            | ["begin", "immediate" | "exclusive" | "deferred", "transaction"]
            | ["start", "transaction"]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(files: &[(&str, &str)]) -> Result<Migrations, FilesError> {
        Migrations::from_files(files.iter().map(|(name, text)| (*name, text.as_bytes())))
    }

    #[test]
    fn names_that_do_not_follow_the_pattern_are_refused() {
        for file in
            ["1_a.sql", "0001.sql", "0001_.sql", "0001_A.sql", "0001_a.mysql.sql", "0001_a.txt", "x.sql"]
        {
            assert_eq!(load(&[(file, "")]), Err(FilesError::Name { file: file.to_owned() }), "{file}");
        }
    }

    #[test]
    fn numbers_go_from_one_without_gaps() {
        assert_eq!(load(&[("0002_b.sql", "")]), Err(FilesError::Gap { missing: 1 }));
        assert_eq!(load(&[("0003_c.sql", ""), ("0001_a.sql", "")]), Err(FilesError::Gap { missing: 2 }));
        assert_eq!(load(&[]), Ok(Migrations(Vec::new())));
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

    #[test]
    fn transaction_statements_are_refused_and_bodies_are_not() {
        for statement in ["COMMIT;", "  begin transaction ;", "rollback;", "Start Transaction;"] {
            let text = format!("create table t (i int);\n{statement}\n");
            assert!(
                matches!(load(&[("0001_a.sql", &text)]), Err(FilesError::Transaction { .. })),
                "{statement}"
            );
        }
        assert!(
            load(&[("0001_a.sql", "create trigger t after insert on a\nbegin\nselect 1;\nend;")]).is_ok()
        );
    }
}
