//! The command line as it is written, with the environment twin of each flag.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use clap::{Args, Parser};
use kiln::cli::{
    AssetsCommand, MigrateCommand, ProbeCommand, ProcessFlags, SealCommand, ServerFlags, VersionCommand,
    duration, settings::ConfigFlag,
};

use super::{ByteSize, Database};

/// Says what a file is.
///
/// Without a command: on SQLite `migrate` and then `serve`; on PostgreSQL `serve`.
#[derive(Debug, Parser)]
#[command(name = "whatsit", args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(super) struct Flags {
    #[command(flatten)]
    pub(super) serve: Serve,
    #[command(subcommand)]
    pub(super) subcommand: Option<Subcommand>,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Subcommand {
    /// Serve; pending migrations are a reason not to
    Serve(Serve),
    /// Apply pending migrations, or show where they stand
    Migrate {
        #[command(flatten)]
        config: ConfigFlag,
        #[command(flatten)]
        database: DatabaseFlags,
        #[command(flatten)]
        process: ProcessFlags,
        #[command(flatten)]
        command: MigrateCommand,
    },
    /// Show and check the assets in this executable
    Assets {
        #[command(subcommand)]
        command: AssetsCommand,
    },
    /// Ask a server whether it is ready
    Probe(ProbeCommand),
    /// Try out what the kernel refuses this executable
    #[command(hide = true)]
    Seal {
        #[command(flatten)]
        serve: Serve,
        #[command(subcommand)]
        command: SealCommand,
    },
    /// Show every setting that is in force, and where it came from
    Settings(Serve),
    /// Print the version
    Version(VersionCommand),
    /// Print the crates and npm packages that this executable was made from, in CycloneDX
    Sbom,
}

#[derive(Args, Debug)]
pub(super) struct Serve {
    #[command(flatten)]
    pub(super) config: ConfigFlag,
    #[command(flatten)]
    pub(super) database: DatabaseFlags,
    #[command(flatten)]
    pub(super) pool: PoolFlags,
    #[command(flatten)]
    pub(super) server: ServerFlags,
    /// The longest file that is taken, in bytes or with KiB, MiB or GiB
    #[arg(long, env = "MAX_UPLOAD", value_name = "SIZE", default_value = "64MiB")]
    pub(super) max_upload: ByteSize,
    /// How many files are looked at by the model at once [default: one for each core]
    #[arg(long, env = "PREDICTIONS", value_name = "COUNT")]
    pub(super) predictions: Option<NonZeroUsize>,
    /// How many more may wait for the model; any beyond are asked to come back
    #[arg(long, env = "MAX_WAITING", value_name = "COUNT", default_value_t = 256)]
    pub(super) max_waiting: usize,
}

#[derive(Args, Debug)]
pub(super) struct DatabaseFlags {
    /// Where verdicts are kept: `sqlite://FILE`, or `postgres://USER@HOST/DATABASE`
    #[arg(
        long,
        env = "DATABASE_URL",
        hide_env_values = true,
        value_name = "URL",
        default_value = "sqlite://whatsit.db"
    )]
    pub(super) database_url: Database,
}

/// How the server uses its database.
#[derive(Args, Debug)]
pub(super) struct PoolFlags {
    /// How many connections may be open to the database
    #[arg(
        long = "database-connections",
        env = "DATABASE_CONNECTIONS",
        value_name = "COUNT",
        default_value = "8"
    )]
    pub(super) connections: NonZeroU32,
    /// How long a request waits for a connection before it is asked to come back
    #[arg(long = "database-timeout", env = "DATABASE_TIMEOUT", value_name = "TIME", default_value = "3s", value_parser = duration)]
    pub(super) timeout: Duration,
    /// How long the start waits for a database that does not answer yet
    #[arg(long = "database-wait", env = "DATABASE_WAIT", value_name = "TIME", default_value = "15s", value_parser = duration)]
    pub(super) wait: Duration,
}
