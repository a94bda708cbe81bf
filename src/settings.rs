//! From the command line, the environment and a file to what the program works with, in one step and once.
//!
//! Flags, variables and the lines of a file are parsed into types that cannot hold a bad value, so a mistake is
//! told with the name of the setting and where it came from, before anything has started.

mod flags;

use std::{
    fmt,
    num::{NonZeroU32, NonZeroUsize},
    str::FromStr,
    time::Duration,
};

pub use kiln::cli::{ByteSize, InvalidByteSize};
use kiln::{
    Options,
    cli::{
        AssetsCommand, MigrateCommand, ProbeCommand, SealCommand, VersionCommand,
        settings::{self, Setting},
    },
    launch::ProcessOptions,
    migrate::{MigrateError, Target},
};

use self::flags::{Flags, Subcommand};
use crate::identify::Capacity;

/// What the program was asked to do.
#[derive(Debug)]
pub enum Command {
    /// `whatsit`: on SQLite, migrate and then serve, so that one command works on a fresh machine.
    Start(Settings),
    /// `whatsit serve`
    Serve(Settings),
    /// `whatsit migrate`
    Migrate(Database, ProcessOptions, MigrateCommand),
    /// `whatsit assets`
    Assets(AssetsCommand),
    /// `whatsit probe`
    Probe(ProbeCommand),
    /// `whatsit seal`
    Seal(Settings, SealCommand),
    /// `whatsit settings`
    Settings(Vec<Setting>),
    /// `whatsit version`
    Version(VersionCommand),
    /// `whatsit sbom`
    Sbom,
}

/// Everything that can be set about serving.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The process and the server.
    pub options: Options,
    /// Where verdicts are kept.
    pub database: Database,
    /// How the database is used.
    pub pool: Pool,
    /// How much is taken on.
    pub limits: Limits,
}

/// How the database is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// How many connections may be open.
    pub connections: NonZeroU32,
    /// How long a request waits for one.
    pub timeout: Duration,
    /// How long the start waits for a database that does not answer yet.
    pub wait: Duration,
}

/// How much is taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest file.
    pub upload: ByteSize,
    /// How many predictions run, and wait.
    pub predictions: Capacity,
}

/// A database's URL, checked.
#[derive(Clone)]
pub struct Database {
    /// As it was given.
    pub url: String,
    /// The engine, and what it needs to connect.
    pub target: Target,
}

impl Command {
    /// Reads the arguments and the environment of this process.
    ///
    /// # Errors
    /// When a setting is unknown or bad; also when help was asked for, which is the text to print.
    pub fn from_process() -> Result<Self, clap::Error> {
        settings::parse(std::env::args_os()).map(Self::from)
    }
}

impl From<settings::Given<Flags>> for Command {
    fn from(
        settings::Given { flags: Flags { serve, subcommand }, settings }: settings::Given<Flags>,
    ) -> Self {
        match subcommand {
            None => Self::Start(serve.into()),
            Some(Subcommand::Serve(serve)) => Self::Serve(serve.into()),
            Some(Subcommand::Migrate { database, process, command, .. }) => {
                Self::Migrate(database.database_url, process.into(), command)
            }
            Some(Subcommand::Assets { command }) => Self::Assets(command),
            Some(Subcommand::Probe(command)) => Self::Probe(command),
            Some(Subcommand::Seal { serve, command }) => Self::Seal(serve.into(), command),
            Some(Subcommand::Settings(_)) => Self::Settings(settings),
            Some(Subcommand::Version(command)) => Self::Version(command),
            Some(Subcommand::Sbom) => Self::Sbom,
        }
    }
}

impl From<flags::Serve> for Settings {
    fn from(flags: flags::Serve) -> Self {
        let machine = Capacity::of_this_machine(flags.max_waiting);
        let at_once: NonZeroUsize = flags.predictions.unwrap_or(machine.at_once);
        let (mut options, database) = (Options::from(flags.server), flags.database.database_url);
        options.process.needs = database.target.needs().and(options.needs());
        Self {
            options,
            database,
            pool: flags.pool.into(),
            limits: Limits { upload: flags.max_upload, predictions: Capacity { at_once, ..machine } },
        }
    }
}

impl From<flags::PoolFlags> for Pool {
    fn from(flags: flags::PoolFlags) -> Self {
        Self { connections: flags.connections, timeout: flags.timeout, wait: flags.wait }
    }
}

impl Default for Pool {
    fn default() -> Self {
        let (timeout, wait) = (Duration::from_secs(3), Duration::from_secs(15));
        Self { connections: const { NonZeroU32::new(8).unwrap() }, timeout, wait }
    }
}

impl FromStr for Database {
    type Err = MigrateError;

    fn from_str(url: &str) -> Result<Self, Self::Err> {
        Ok(Self { url: url.to_owned(), target: url.parse()? })
    }
}

/// Without the URL, which may hold a password.
impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Database").field(&self.target.to_string()).finish()
    }
}
