//! Mistakes in migration files.

/// Rule that a set of migration files breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// Name that does not follow the pattern.
    #[error(
        "invalid migration name `{file}`; rename it to `NNNN_name.sql`: four digits or more from 0001, then a-z, 0-9 and `_`, with `.sqlite` or `.postgres` before `.sql` for one engine"
    )]
    Name {
        /// The file.
        file: String,
    },
    /// Files that have one number and are not twins.
    #[error("duplicate migration number: `{one}` and `{other}`; give the later one the next free number")]
    Twins {
        /// First of the files.
        one: String,
        /// Second of the files.
        other: String,
    },
    /// Number that no file has.
    #[error(
        "missing migration {missing} before `{file}`; renumber the files after the gap, unless they have been applied"
    )]
    Gap {
        /// The number.
        missing: i64,
        /// The file after the gap.
        file: String,
    },
    /// File that is not text.
    #[error("invalid UTF-8 in `{file}`; save the file as UTF-8")]
    Encoding {
        /// The file.
        file: String,
    },
    /// Migration for one engine without its twin.
    #[error("no twin of `{file}` for the other engine; add it, or a portable `{version:04}_{name}.sql`")]
    Incomplete {
        /// The file.
        file: String,
        /// The number.
        version: i64,
        /// The name.
        name: String,
    },
    /// Unknown or misplaced line in the header of a file.
    #[error(
        "invalid header `-- kiln: {directive}` in `{file}`, line {line}; expected `compatible-from = N` with N below the number of the file, or `no-transaction`, once and before the first statement"
    )]
    Header {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// Text after `-- kiln:`.
        directive: String,
    },
    /// Statement that opens or ends a transaction.
    #[error(
        "transaction statement `{statement}` in `{file}`, line {line}; remove it: each migration runs in one transaction with its record"
    )]
    Transaction {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// Text of the statement.
        statement: String,
    },
}
