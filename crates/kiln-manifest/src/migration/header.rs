//! Header of a migration: comments before its first statement.
//!
//! ```sql
//! -- kiln: compatible-from = 3
//! -- kiln: no-transaction
//! ```
//!
//! *compatible-from = N*: an executable whose newest migration is N works with the schema that this migration leaves, so
//! that a roll-back to that executable, or a server that still runs it, is served. Without the line, only executables
//! that hold the migration are.
//!
//! *no-transaction*: the file's one statement cannot run inside a transaction, as `CREATE INDEX CONCURRENTLY` of
//! PostgreSQL cannot. A statement that was killed halfway may leave a part of its work behind, which `migrate` reports.

use super::FilesError;

const MARK: &str = "kiln:";

/// The header of one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) compatible_from: Option<i64>,
    pub(super) transaction: Transaction,
}

/// Transaction in which a migration runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transaction {
    /// One transaction with the record of the migration.
    #[default]
    Whole,
    /// None: the record follows.
    None,
}

impl Header {
    /// Reads the header of `file`, the migration `version`.
    pub(super) fn parse(file: &str, version: i64, text: &str) -> Result<Self, FilesError> {
        let mut header = Self::default();
        let mut before_sql = true;
        for (line, number) in text.lines().map(str::trim).zip(1..) {
            let comment = line.strip_prefix("--").map(str::trim_start);
            before_sql &= line.is_empty() || comment.is_some();
            let Some(directive) = comment.and_then(|comment| comment.strip_prefix(MARK)) else { continue };
            let directive = directive.trim();
            if !before_sql || header.add(directive, version).is_none() {
                return Err(FilesError::Header {
                    file: file.to_owned(),
                    line: number,
                    directive: directive.to_owned(),
                });
            }
        }
        Ok(header)
    }

    fn add(&mut self, directive: &str, version: i64) -> Option<()> {
        match directive.split_once('=').map(|(key, value)| (key.trim(), value.trim())) {
            None if directive == "no-transaction" => self.transaction = Transaction::None,
            Some(("compatible-from", value)) if self.compatible_from.is_none() => {
                let oldest: i64 = value.parse().ok()?;
                self.compatible_from = Some(oldest).filter(|oldest| (1..version).contains(oldest));
                self.compatible_from?;
            }
            _ => return None,
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<Header> {
        Header::parse("0005_a.sql", 5, text).ok()
    }

    #[test]
    fn a_header_stands_in_comments_before_the_first_statement() {
        let header =
            parse("-- Why.\n\n--kiln: compatible-from=3\n-- kiln: no-transaction\nSELECT 1; -- kiln\n");
        assert_eq!(header, Some(Header { compatible_from: Some(3), transaction: Transaction::None }));
        assert_eq!(parse("SELECT 1;\n-- a comment"), Some(Header::default()));
    }

    #[test]
    fn an_unknown_line_is_reported_with_its_number() {
        let error = Header::parse("0005_a.sql", 5, "-- Why.\n\n-- kiln: no-transactions\n");
        let (file, directive) = ("0005_a.sql".to_owned(), "no-transactions".to_owned());
        assert_eq!(error, Err(FilesError::Header { file, line: 3, directive }));
    }

    #[test]
    fn a_header_without_effect_is_refused() {
        for text in [
            "SELECT 1;\n-- kiln: compatible-from = 3",
            "-- kiln: compatible-from = 5",
            "-- kiln: compatible-from = 0",
            "-- kiln: compatible-from = three",
            "-- kiln: compatible-from = 3\n-- kiln: compatible-from = 4",
            "-- kiln: compatible-form = 3",
            "-- kiln:",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
