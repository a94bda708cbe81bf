//! What can be wrong with migration files.

/// Why a set of migration files cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// The name does not follow the pattern.
    #[error(
        "`{file}` is not called `NNNN_name.sql` (four digits or more from 0001, then a-z, 0-9 and `_`), with `.sqlite` or `.postgres` before `.sql` in a twin for one engine; rename or remove it"
    )]
    Name {
        /// The file.
        file: String,
    },
    /// Two files have the same number and are not twins.
    #[error("`{one}` and `{other}` have the same number; give the later one the next free number")]
    Twins {
        /// One of them.
        one: String,
        /// The other.
        other: String,
    },
    /// A number is missing.
    #[error(
        "migration {missing} is missing before `{file}`: numbers go from 1 without gaps; renumber those after it, unless they have been applied"
    )]
    Gap {
        /// The number.
        missing: i64,
        /// The file after the gap.
        file: String,
    },
    /// A file cannot be read as text.
    #[error("`{file}` is not UTF-8; save it in that encoding")]
    Encoding {
        /// The file.
        file: String,
    },
    /// A migration exists for one engine only.
    #[error(
        "`{file}` is for one engine only; add the twin for the other, or a portable `{version:04}_{name}.sql`"
    )]
    Incomplete {
        /// The file.
        file: String,
        /// The number.
        version: i64,
        /// The name.
        name: String,
    },
    /// A file says something about itself that means nothing.
    #[error(
        "`{file}`, line {line}, says `-- kiln: {said}`; expected `compatible-from = N`, with N less than its own number, or `no-transaction`, once and before the first statement"
    )]
    Header {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What it says.
        said: String,
    },
    /// A file opens or ends a transaction.
    #[error(
        "`{file}`, line {line}, holds `{statement}`; remove it, since each migration runs in a transaction together with its record"
    )]
    Transaction {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What it holds.
        statement: String,
    },
}
