//! What is to be done, from what the executable carries and what the database remembers.

use super::{Engine, MigrateError, Migration, Migrations};

/// One line of the database's own list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) version: i64,
    pub(super) name: String,
    pub(super) checksum: String,
    pub(super) applied_at: String,
    pub(super) compatible_from: Option<i64>,
    pub(super) progress: Progress,
}

/// Whether a migration was seen to end.
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
    /// Where it stands.
    pub state: MigrationState,
}

/// Where a migration stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MigrationState {
    /// In the database as it is in the executable.
    Applied {
        /// When, in UTC (RFC 3339).
        at: String,
    },
    /// Not yet in the database.
    Pending,
    /// Begun without a transaction, and not finished.
    HalfApplied {
        /// When it was begun.
        at: String,
    },
    /// In the database, but the file has changed since.
    Edited {
        /// When it was applied.
        at: String,
    },
    /// In the database, not known to this executable, and marked as compatible with it.
    Newer {
        /// When it was applied.
        at: String,
    },
    /// In the database, and not known to this executable.
    Unknown {
        /// When it was applied.
        at: String,
    },
}

/// How far to migrate. There is no way down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Goal {
    /// To the last migration of the executable.
    #[default]
    Newest,
    /// To the migration with this number, and no further.
    Version(i64),
}

/// Every migration that either side knows, in order.
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
    let remembered = records.into_iter().map(|record| remembered(migrations, engine, record));
    let mut entries: Vec<MigrationStatus> = remembered.chain(pending).collect();
    entries.sort_by_key(|entry| entry.version);
    entries
}

fn remembered(migrations: &Migrations, engine: Engine, record: Record) -> MigrationStatus {
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
