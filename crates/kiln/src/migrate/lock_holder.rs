//! Who holds the lock that a runner waits for.

use std::{fmt, path::Path};

/// A process that keeps a runner waiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockHolder {
    /// Its id, on the machine of the database.
    pub process: i64,
    /// What it calls itself.
    pub name: Option<String>,
    /// Since when it is there: a moment in UTC (RFC 3339), or how long it has run.
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

/// The process that may write to a SQLite file now, as far as the kernel tells.
#[cfg(target_os = "linux")]
pub(super) fn of_sqlite(file: &Path) -> Option<LockHolder> {
    let process = linux::writer(file)?;
    let (name, since) = linux::describe(process).unzip();
    Some(LockHolder { process, name, since })
}

#[cfg(target_os = "linux")]
mod linux;
