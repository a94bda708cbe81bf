//! Errors of migrations and of the database that they are for.

use std::time::Duration;

use super::{FilesError, LockHolder};
use crate::exit::Exit;

/// The reason why a database cannot be migrated, or does not fit this executable.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The files break a rule.
    #[error("invalid migrations: {0}")]
    Files(#[from] FilesError),
    /// The address of the database cannot be used.
    #[error("invalid database URL: {reason}; expected `sqlite://FILE` or `postgres://USER@HOST/DATABASE`")]
    Url {
        /// The mistake, without the URL itself, which may hold a password.
        reason: String,
    },
    /// The database cannot be reached.
    #[error("cannot open {target}: {source}")]
    Connect {
        /// The database.
        target: String,
        /// The error of the driver.
        source: sqlx::Error,
    },
    /// Another runner did not finish.
    #[error(
        "timed out after {waited:?} waiting for the migration lock of {target}{}; wait longer with `--wait`, or stop \
         the other runner",
        .holder.as_ref().map(|holder| format!(", held by {holder}")).unwrap_or_default()
    )]
    Locked {
        /// The database.
        target: String,
        /// Time waited.
        waited: Duration,
        /// The other runner, where it is known.
        holder: Option<Box<LockHolder>>,
    },
    /// A statement failed; the migration that it belongs to was rolled back.
    #[error("migration {version} ({name}) failed and was rolled back: {source}")]
    Failed {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// The error of the database.
        source: sqlx::Error,
    },
    /// The connection was lost during the commit.
    #[error(
        "connection lost during the commit of migration {version} ({name}): {source}; `migrate status` shows whether \
         it was applied, and the next run goes on from there"
    )]
    Commit {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// The error of the driver.
        source: sqlx::Error,
    },
    /// A migration without a transaction was begun and not finished.
    #[error(
        "migration {version} ({name}) is half applied: it runs without a transaction, was begun{} and did not \
         finish{}; complete or undo it by hand, then run `migrate settle {version} applied` or `migrate settle \
         {version} pending`",
        .begun_at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default(),
        .source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default()
    )]
    HalfApplied {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// Moment of its beginning, when another run began it.
        begun_at: Option<String>,
        /// The error of the database, when this run began it.
        source: Option<Box<sqlx::Error>>,
    },
    /// A migration that is not half applied cannot be settled.
    #[error("migration {version} is not half applied; `migrate status` shows the state of all migrations")]
    NotHalfApplied {
        /// The number.
        version: i64,
    },
    /// The goal is no migration of the executable.
    #[error("unknown migration {goal}; the newest is {newest}")]
    NoSuchGoal {
        /// The number that was asked for.
        goal: i64,
        /// The last one in the executable.
        newest: i64,
    },
    /// The goal lies before the state of the database.
    #[error(
        "cannot migrate down from {applied} to {goal}: there are no down migrations; undo by a new migration, or \
         restore a backup"
    )]
    Backward {
        /// The number that was asked for.
        goal: i64,
        /// The highest number that is applied.
        applied: i64,
    },
    /// A migration was rolled back: it left rows that violate a foreign key.
    #[error("migration {version} ({name}) was rolled back: foreign key violation in table `{table}`")]
    ForeignKey {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// The table.
        table: String,
    },
    /// The table of applied migrations cannot be read or written.
    #[error("cannot read or write `kiln_migrations` in {target}: {source}")]
    MigrationsTable {
        /// The database.
        target: String,
        /// The error of the database.
        source: sqlx::Error,
    },
    /// A file was edited after it was applied.
    #[error(
        "migration {version} ({name}) was edited after it was applied at {applied_at}; restore the file, and put the \
         change into a new migration"
    )]
    Edited {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// Moment of its application.
        applied_at: String,
    },
    /// A migration is pending before one that is applied.
    #[error(
        "migration {version} ({name}) is out of order: {applied} is applied already; give it a number above {applied}"
    )]
    OutOfOrder {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// The highest number that is applied.
        applied: i64,
    },
    /// The database is newer than this executable.
    #[error(
        "the database is newer than this executable: migration {version} ({name}) is unknown here, and not marked as \
         compatible; run a newer release"
    )]
    Newer {
        /// The number.
        version: i64,
        /// The name.
        name: String,
    },
    /// The database is older than this executable.
    #[error("{}; run `{command}`", pending(*.count, *.version, .name))]
    Pending {
        /// Number of pending migrations.
        count: usize,
        /// The first one's number.
        version: i64,
        /// The first one's name.
        name: String,
        /// The command that applies them.
        command: String,
    },
    /// The result could not be written.
    #[error("cannot write the result: {0}")]
    Output(#[from] std::io::Error),
}

impl MigrateError {
    /// Whether the error is transient, so that the same may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connect { source, .. } | Self::MigrationsTable { source, .. } => {
                super::is_transient(source)
            }
            _ => false,
        }
    }

    /// The exit code for this error.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Url { .. }
            | Self::NoSuchGoal { .. }
            | Self::Backward { .. }
            | Self::NotHalfApplied { .. } => Exit::Usage,
            Self::Connect { .. }
            | Self::MigrationsTable { .. }
            | Self::Locked { .. }
            | Self::Commit { .. }
            | Self::Output(_) => Exit::StartUp,
            Self::Files(_)
            | Self::Failed { .. }
            | Self::ForeignKey { .. }
            | Self::HalfApplied { .. }
            | Self::Edited { .. }
            | Self::OutOfOrder { .. }
            | Self::Newer { .. }
            | Self::Pending { .. } => Exit::Schema,
        }
    }
}

fn pending(count: usize, version: i64, name: &str) -> String {
    match count {
        1 => format!("1 migration is pending, {version} ({name})"),
        _ => format!("{count} migrations are pending, the first is {version} ({name})"),
    }
}
