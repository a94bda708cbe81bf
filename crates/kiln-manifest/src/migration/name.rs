//! `0001_name.engine.sql`: number, name and engine of a migration file.

/// The engine of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, a file.
    Sqlite,
    /// PostgreSQL, a server.
    Postgres,
}

/// Engines that a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Portable,
    Only(Engine),
}

/// The parts of a file's name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileName<'a> {
    pub(super) version: i64,
    pub(super) name: &'a str,
    pub(super) dialect: Dialect,
}

impl<'a> FileName<'a> {
    pub(super) fn parse(file: &'a str) -> Option<Self> {
        let stem = file.strip_suffix(".sql")?;
        let (stem, dialect) = match stem.rsplit_once('.') {
            None => (stem, Dialect::Portable),
            Some((stem, "sqlite")) => (stem, Dialect::Only(Engine::Sqlite)),
            Some((stem, "postgres")) => (stem, Dialect::Only(Engine::Postgres)),
            Some(_) => return None,
        };
        let (digits, name) = stem.split_once('_')?;
        let plain = |letter: u8| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_');
        let is_valid = digits.len() >= 4
            && digits.bytes().all(|digit| digit.is_ascii_digit())
            && !name.is_empty()
            && name.bytes().all(plain);
        let version = digits.parse().ok().filter(|version| is_valid && *version > 0)?;
        Some(Self { version, name, dialect })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_holds_number_name_and_engine() {
        let parsed = FileName::parse("00012_add_tags.postgres.sql");
        let dialect = Dialect::Only(Engine::Postgres);
        assert_eq!(parsed, Some(FileName { version: 12, name: "add_tags", dialect }));
        for file in [
            "1_a.sql",
            "+001_a.sql",
            "0000_a.sql",
            "0001.sql",
            "0001_.sql",
            "0001_A.sql",
            "0001_a.mysql.sql",
            "0001_a.txt",
            "99999999999999999999_a.sql",
            "x.sql",
        ] {
            assert_eq!(FileName::parse(file), None, "{file}");
        }
    }
}
