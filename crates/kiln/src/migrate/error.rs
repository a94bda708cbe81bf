//! What can be wrong with a database, and between it and the migrations.

use std::time::Duration;

use super::{FilesError, LockHolder};
use crate::exit::Exit;

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
        "another runner{} has been migrating {target} for longer than {waited:?}; wait for it with a longer `--wait`, or end it, and run this again",
        .holder.as_ref().map(|holder| format!(" ({holder})")).unwrap_or_default()
    )]
    Locked {
        /// The database.
        target: String,
        /// How long this one waited.
        waited: Duration,
        /// Who it is, when that can be known.
        holder: Option<Box<LockHolder>>,
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
    /// The connection was lost at the moment of the commit.
    #[error(
        "whether migration {version} ({name}) was committed is not known: {source}; `status` shows it, and the next run goes on from there"
    )]
    Commit {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// What the database said.
        source: sqlx::Error,
    },
    /// A migration without a transaction was begun and not finished.
    #[error(
        "migration {version} ({name}) runs without a transaction, and was begun{} and not finished{}; see what it left, complete or undo that by hand, and then say `migrate settle {version} applied` or `migrate settle {version} pending`",
        .begun_at.as_ref().map(|at| format!(" at {at}")).unwrap_or_default(),
        .source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default()
    )]
    HalfApplied {
        /// The number.
        version: i64,
        /// The name.
        name: String,
        /// When it was begun, when it was by another run.
        begun_at: Option<String>,
        /// What the database said, when it was this run.
        source: Option<Box<sqlx::Error>>,
    },
    /// What is to be settled is not half applied.
    #[error(
        "migration {version} is not half applied, so there is nothing to settle; `migrate status` shows all"
    )]
    NotHalfApplied {
        /// The number.
        version: i64,
    },
    /// There is no such migration to go to.
    #[error("there is no migration {goal} to go to; the newest is {newest}")]
    NoSuchGoal {
        /// What was asked for.
        goal: i64,
        /// The last one in the executable.
        newest: i64,
    },
    /// Migrations only go forward.
    #[error(
        "the database is at {applied} already, and there is no way down to {goal}; undo by a new migration, or restore a backup"
    )]
    Backward {
        /// What was asked for.
        goal: i64,
        /// Where the database is.
        applied: i64,
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
    MigrationsTable {
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
        "the database has migration {version} ({name}), which this executable does not know and which is not marked as compatible with it; run a newer release"
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
    /// Whether the database could not be reached, which may pass by itself.
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
