//! The flags of Whatsit, with their environment twins.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use clap::Args;
use kiln::cli::{ByteSize, duration};

/// The flags of Whatsit's own.
#[derive(Args, Debug)]
pub struct Flags {
    #[command(flatten)]
    pub(super) pool: PoolFlags,
    /// Longest file, in bytes or with KiB, MiB or GiB
    #[arg(long, env = "MAX_UPLOAD", value_name = "SIZE", default_value = "64MiB")]
    pub(super) max_upload: ByteSize,
    /// Predictions at once [default: one for each core]
    #[arg(long, env = "PREDICTIONS", value_name = "COUNT")]
    pub(super) predictions: Option<NonZeroUsize>,
    /// Predictions that may wait; beyond, clients are asked to try again later
    #[arg(long, env = "MAX_WAITING", value_name = "COUNT", default_value_t = 256)]
    pub(super) max_waiting: usize,
}

/// The use of the database.
#[derive(Args, Debug)]
pub(super) struct PoolFlags {
    /// Open connections to the database at most
    #[arg(
        long = "database-connections",
        env = "DATABASE_CONNECTIONS",
        value_name = "COUNT",
        default_value = "8"
    )]
    pub(super) connections: NonZeroU32,
    /// Time that a request waits for a connection; beyond, clients are asked to try again later
    #[arg(long = "database-timeout", env = "DATABASE_TIMEOUT", value_name = "TIME", default_value = "3s", value_parser = duration)]
    pub(super) timeout: Duration,
    /// Time that the start waits for a database that does not answer yet
    #[arg(long = "database-wait", env = "DATABASE_WAIT", value_name = "TIME", default_value = "15s", value_parser = duration)]
    pub(super) wait: Duration,
}
