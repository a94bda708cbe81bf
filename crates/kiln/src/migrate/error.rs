//! What can be wrong with migration files, with a database, and between the two.

use std::time::Duration;

use crate::exit::Exit;

/// Why a set of migration files cannot be used. The build refuses such a set too.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FilesError {
    /// The name does not follow the pattern.
    #[error(
        "`{file}` is not called `NNNN_name.sql` (four digits or more, then a-z, 0-9 and `_`), with `.sqlite` or `.postgres` before `.sql` in a twin for one engine; rename or remove it"
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
        "migration {missing} is missing: numbers go from 1 without gaps; renumber those after it, unless they have been applied"
    )]
    Gap {
        /// The number.
        missing: i64,
    },
    /// A file cannot be read as text.
    #[error("`{file}` is not UTF-8; save it in that encoding")]
    Encoding {
        /// The file.
        file: String,
    },
    /// A migration exists for one engine only.
    #[error(
        "migration {version} exists for one engine only; add the twin for the other, or a portable `{version:04}_{name}.sql`"
    )]
    Incomplete {
        /// The number.
        version: i64,
        /// The name.
        name: String,
    },
    /// A file opens or ends a transaction.
    #[error(
        "`{file}` holds `{statement}`; remove it, since each migration runs in a transaction together with its record"
    )]
    Transaction {
        /// The file.
        file: String,
        /// The line.
        statement: String,
    },
}

/// Why a database could not be brought, or is not, up to this executable.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The files cannot be used.
    #[error("migrations: {0}")]
    Files(#[from] FilesError),
    /// The address of the database cannot be used.
    #[error("database URL: {reason}; expected `sqlite://FILE` or `postgres://USER@HOST/DATABASE`")]
    Url {
        /// What is wrong. Never holds the URL itself, which may hold a password.
        reason: String,
    },
    /// The database cannot be reached.
    #[error("cannot open {target}: {source}")]
    Connect {
        /// The database.
        target: String,
        /// What the driver said.
        source: sqlx::Error,
    },
    /// Another runner did not finish.
    #[error(
        "another runner has been migrating {target} for longer than {waited:?}; wait for it, or end it, and run this again"
    )]
    Locked {
        /// The database.
        target: String,
        /// How long this one waited.
        waited: Duration,
    },
    /// A statement failed; the migration that it belongs to was rolled back.
    #[error("migration {version} ({name}) failed and was rolled back: {source}")]
    Failed {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// What the database said.
        source: sqlx::Error,
    },
    /// A migration left rows that point nowhere; it was rolled back.
    #[error(
        "migration {version} ({name}) was rolled back: table `{table}` holds rows whose foreign key points to nothing"
    )]
    ForeignKey {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// The table.
        table: String,
    },
    /// The list of applied migrations cannot be read or written.
    #[error("cannot read or write `kiln_migrations` in {target}: {source}")]
    Ledger {
        /// The database.
        target: String,
        /// What the database said.
        source: sqlx::Error,
    },
    /// A file was changed after it had been applied.
    #[error(
        "migration {version} ({name}) was edited after it had been applied at {applied_at}; restore the file and put the change into a new migration"
    )]
    Edited {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// When it had been applied.
        applied_at: String,
    },
    /// A migration is pending before one that has been applied.
    #[error(
        "migration {version} ({name}) is pending although {applied} has been applied; give it a number after {applied}"
    )]
    OutOfOrder {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// The highest number that has been applied.
        applied: i64,
    },
    /// The database is newer than this executable.
    #[error(
        "the database has migration {version} ({name}), which this executable does not know; run a newer release"
    )]
    Newer {
        /// The number.
        version: i64,
        /// The name.
        name: String,
    },
    /// The database is older than this executable.
    #[error("{count} migrations are pending, the first is {version} ({name}); run `{command}`")]
    Pending {
        /// How many.
        count: usize,
        /// The first one's number.
        version: i64,
        /// The first one's name.
        name: String,
        /// What applies them.
        command: String,
    },
    /// The result could not be written.
    #[error("cannot write the result: {0}")]
    Output(#[from] std::io::Error),
}

impl MigrateError {
    /// The exit code for this error.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Url { .. } => Exit::Usage,
            Self::Connect { .. } | Self::Ledger { .. } | Self::Locked { .. } | Self::Output(_) => {
                Exit::StartUp
            }
            Self::Files(_)
            | Self::Failed { .. }
            | Self::ForeignKey { .. }
            | Self::Edited { .. }
            | Self::OutOfOrder { .. }
            | Self::Newer { .. }
            | Self::Pending { .. } => Exit::Schema,
        }
    }
}
