//! The text of a migration, the same in every checkout.
//!
//! The checksum of a migration is the SHA-256 of this text. The build records it, `migrate` writes it into
//! the database, and both compare it, so that all have to agree on the text.

use super::FilesError;

/// `text` without a byte order mark, with a line feed at the end of each line: checkouts differ in line
/// ends, and some editors begin a file with the mark.
#[must_use]
pub fn normalised(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n")
}

/// Normalised text of `file`, which neither opens nor ends a transaction.
pub(super) fn text_of(file: &str, contents: &[u8]) -> Result<String, FilesError> {
    let text = str::from_utf8(contents).map_err(|_| FilesError::Encoding { file: file.to_owned() })?;
    let text = normalised(text);
    match text.lines().zip(1..).find(|(line, _)| ends_transaction(line)) {
        None => Ok(text),
        Some((statement, line)) => Err(FilesError::Transaction {
            file: file.to_owned(),
            line,
            statement: statement.trim().to_owned(),
        }),
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

    #[test]
    fn transaction_statements_are_refused_and_bodies_are_not() {
        for statement in ["COMMIT;", "  begin transaction ;", "rollback;", "Start Transaction;"] {
            let text = format!("create table t (i int);\r\n{statement}\r\n");
            let error = text_of("0001_a.sql", text.as_bytes());
            assert!(matches!(error, Err(FilesError::Transaction { line: 2, .. })), "{statement}: {error:?}");
        }
        assert!(text_of("0001_a.sql", b"create trigger t after insert on a\nbegin\nselect 1;\nend;").is_ok());
    }

    #[test]
    fn bytes_that_are_no_text_are_refused() {
        assert_eq!(
            text_of("0001_a.sql", b"\xff"),
            Err(FilesError::Encoding { file: "0001_a.sql".to_owned() })
        );
    }
}
