//! What is to be done, from what the executable carries and what the database remembers.

use super::{Engine, MigrateError, Migration, Migrations};

/// One line of the database's own list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Record {
    pub(super) version: i64,
    pub(super) name: String,
    pub(super) checksum: String,
    pub(super) applied_at: String,
}

/// A migration as `migrate status` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The number.
    pub version: i64,
    /// The name.
    pub name: String,
    /// Where it stands.
    pub state: EntryState,
}

/// Where a migration stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryState {
    /// In the database as it is in the executable.
    Applied {
        /// When, in UTC (RFC 3339).
        at: String,
    },
    /// Not yet in the database.
    Pending,
    /// In the database, but the file has changed since.
    Edited {
        /// When it was applied.
        at: String,
    },
    /// In the database, and not known to this executable.
    Unknown {
        /// When it was applied.
        at: String,
    },
}

/// Every migration that either side knows, in order.
pub(super) fn entries(migrations: &Migrations, engine: Engine, records: Vec<Record>) -> Vec<Entry> {
    let pending = migrations
        .iter()
        .filter(|migration| records.iter().all(|record| record.version != migration.version()))
        .map(|migration| Entry {
            version: migration.version(),
            name: migration.name().to_owned(),
            state: EntryState::Pending,
        })
        .collect::<Vec<_>>();
    let remembered = records.into_iter().map(|record| {
        let Record { version, name, checksum, applied_at: at } = record;
        let state = match migrations.get(version) {
            None => EntryState::Unknown { at },
            Some(migration) if migration.checksum(engine) == checksum => EntryState::Applied { at },
            Some(_) => EntryState::Edited { at },
        };
        Entry { version, name, state }
    });
    let mut entries: Vec<Entry> = remembered.chain(pending).collect();
    entries.sort_by_key(|entry| entry.version);
    entries
}

/// The migrations to apply, in order.
pub(super) fn pending(
    migrations: &Migrations,
    engine: Engine,
    records: Vec<Record>,
) -> Result<Vec<&Migration>, MigrateError> {
    let applied = records.iter().map(|record| record.version).max().unwrap_or(0);
    let mut pending = Vec::new();
    for Entry { version, name, state } in entries(migrations, engine, records) {
        match state {
            EntryState::Applied { .. } => {}
            EntryState::Edited { at } => {
                return Err(MigrateError::Edited { version, name, applied_at: at });
            }
            EntryState::Unknown { .. } => return Err(MigrateError::Newer { version, name }),
            EntryState::Pending if version < applied => {
                return Err(MigrateError::OutOfOrder { version, name, applied });
            }
            EntryState::Pending => pending.extend(migrations.get(version)),
        }
    }
    Ok(pending)
}
