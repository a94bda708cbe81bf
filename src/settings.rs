//! The settings of Whatsit, beside those of every application: parsed once, into types that hold no invalid value.

mod flags;

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

pub use kiln::cli::{ByteSize, Database, InvalidByteSize};

pub use self::flags::Flags;
use self::flags::PoolFlags;
use crate::identify::Capacity;

/// The settings of a server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The database of verdicts.
    pub database: Database,
    /// The use of the database.
    pub pool: Pool,
    /// Limits for clients.
    pub limits: Limits,
}

/// The use of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// Open connections at most.
    pub connections: NonZeroU32,
    /// The time that a request waits for a connection.
    pub timeout: Duration,
    /// The time that the start waits for a database that does not answer yet.
    pub wait: Duration,
}

/// Limits for clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest file.
    pub upload: ByteSize,
    /// Predictions at once, and in the queue.
    pub predictions: Capacity,
}

impl Settings {
    /// The settings that the flags and the database make.
    #[must_use]
    pub fn new(flags: Flags, database: Database) -> Self {
        let machine = Capacity::of_this_machine(flags.max_waiting);
        let at_once: NonZeroUsize = flags.predictions.unwrap_or(machine.at_once);
        let limits = Limits { upload: flags.max_upload, predictions: Capacity { at_once, ..machine } };
        Self { database, pool: flags.pool.into(), limits }
    }
}

impl From<PoolFlags> for Pool {
    fn from(PoolFlags { connections, timeout, wait }: PoolFlags) -> Self {
        Self { connections, timeout, wait }
    }
}

impl Default for Pool {
    fn default() -> Self {
        let (timeout, wait) = (Duration::from_secs(3), Duration::from_secs(15));
        Self { connections: const { NonZeroU32::new(8).unwrap() }, timeout, wait }
    }
}
