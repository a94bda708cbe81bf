//! The migrations to apply, from those in the executable and those recorded in the database.

use super::{Engine, MigrateError, Migration, Migrations};

/// A row of `kiln_migrations`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) version: i64,
    pub(super) name: String,
    pub(super) checksum: String,
    pub(super) applied_at: String,
    pub(super) compatible_from: Option<i64>,
    pub(super) progress: Progress,
}

/// Recorded progress of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    Begun,
    Applied,
}

/// A migration as `migrate status` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationStatus {
    /// The number.
    pub version: i64,
    /// The name.
    pub name: String,
    /// Its state in the database.
    pub state: MigrationState,
}

/// State of a migration in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MigrationState {
    /// Applied, with the text that the executable has.
    Applied {
        /// Moment in UTC (RFC 3339).
        at: String,
    },
    /// Not applied yet.
    Pending,
    /// Begun without a transaction, and not finished.
    HalfApplied {
        /// Moment of its beginning.
        at: String,
    },
    /// Applied, but the file was edited since.
    Edited {
        /// Moment of its application.
        at: String,
    },
    /// Applied by a newer release, and marked as compatible with this executable.
    Newer {
        /// Moment of its application.
        at: String,
    },
    /// Applied, and unknown to this executable.
    Unknown {
        /// Moment of its application.
        at: String,
    },
}

/// The migration to stop at. There are no down migrations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Goal {
    /// The last migration of the executable.
    #[default]
    Newest,
    /// The migration with this number.
    Version(i64),
}

/// All migrations of the executable and of the database, in order.
pub(super) fn entries(migrations: &Migrations, engine: Engine, records: Vec<Record>) -> Vec<MigrationStatus> {
    let pending = migrations
        .iter()
        .filter(|migration| records.iter().all(|record| record.version != migration.version()))
        .map(|migration| MigrationStatus {
            version: migration.version(),
            name: migration.name().to_owned(),
            state: MigrationState::Pending,
        })
        .collect::<Vec<_>>();
    let recorded = records.into_iter().map(|record| recorded(migrations, engine, record));
    let mut entries: Vec<MigrationStatus> = recorded.chain(pending).collect();
    entries.sort_by_key(|entry| entry.version);
    entries
}

fn recorded(migrations: &Migrations, engine: Engine, record: Record) -> MigrationStatus {
    let Record { version, name, checksum, applied_at: at, compatible_from, progress } = record;
    let state = match migrations.get(version) {
        _ if progress == Progress::Begun => MigrationState::HalfApplied { at },
        None if compatible_from.is_some_and(|oldest| oldest <= migrations.newest()) => {
            MigrationState::Newer { at }
        }
        None => MigrationState::Unknown { at },
        Some(migration) if migration.checksum(engine) == checksum => MigrationState::Applied { at },
        Some(_) => MigrationState::Edited { at },
    };
    MigrationStatus { version, name, state }
}

/// The migrations to apply, in order.
pub(super) fn pending(
    migrations: &Migrations,
    engine: Engine,
    records: Vec<Record>,
    goal: Goal,
) -> Result<Vec<&Migration>, MigrateError> {
    let applied = records.iter().map(|record| record.version).max().unwrap_or(0);
    let mut pending = Vec::new();
    for MigrationStatus { version, name, state } in entries(migrations, engine, records) {
        match state {
            MigrationState::Applied { .. } | MigrationState::Newer { .. } => {}
            MigrationState::HalfApplied { at } => {
                return Err(MigrateError::HalfApplied { version, name, begun_at: Some(at), source: None });
            }
            MigrationState::Edited { at } => {
                return Err(MigrateError::Edited { version, name, applied_at: at });
            }
            MigrationState::Unknown { .. } => return Err(MigrateError::Newer { version, name }),
            MigrationState::Pending if version < applied => {
                return Err(MigrateError::OutOfOrder { version, name, applied });
            }
            MigrationState::Pending => pending.extend(migrations.get(version)),
        }
    }
    match goal {
        Goal::Newest => Ok(pending),
        Goal::Version(goal) if migrations.get(goal).is_none() => {
            Err(MigrateError::NoSuchGoal { goal, newest: migrations.newest() })
        }
        Goal::Version(goal) if goal < applied => Err(MigrateError::Backward { goal, applied }),
        Goal::Version(goal) => {
            pending.retain(|migration| migration.version() <= goal);
            Ok(pending)
        }
    }
}
