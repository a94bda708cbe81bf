//! The holder of the lock that a migration runner waits for.

#[cfg(target_os = "linux")]
mod linux;

use std::{fmt, path::Path};

/// A process that keeps a runner waiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockHolder {
    /// Process id, on the machine of the database.
    pub process: i64,
    /// Name of the program or of the database session.
    pub name: Option<String>,
    /// Age: the moment of its connection in UTC (RFC 3339), or the running time.
    pub since: Option<String>,
}

impl fmt::Display for LockHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.process)?;
        if let Some(name) = &self.name {
            write!(f, ", `{name}`")?;
        }
        if let Some(since) = &self.since {
            write!(f, ", {since}")?;
        }
        Ok(())
    }
}

#[cfg(not(target_os = "linux"))]
pub(super) fn of_sqlite(_: &Path) -> Option<LockHolder> {
    None
}

/// The process that holds the write lock of a SQLite file, as far as the kernel shows it.
#[cfg(target_os = "linux")]
pub(super) fn of_sqlite(file: &Path) -> Option<LockHolder> {
    let process = linux::writer(file)?;
    let (name, since) = linux::describe(process).unzip();
    Some(LockHolder { process, name, since })
}
