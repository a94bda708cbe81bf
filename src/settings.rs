//! From the command line and the environment to what the program works with, in one step and once.
//!
//! Flags are parsed into types that cannot hold a bad value, so a mistake is told with the name of the
//! setting and where it came from, before anything has started.

mod byte_size;
mod flags;
mod source;

use std::{fmt, num::NonZeroUsize, str::FromStr};

pub use byte_size::{ByteSize, InvalidByteSize};
use clap::Parser;
use kiln::{
    Options,
    cli::{AssetsCommand, MigrateCommand, ProbeCommand, SealCommand},
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
    /// `whatsit version`
    Version(VersionFormat),
}

/// Everything that can be set about serving.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The process and the server.
    pub options: Options,
    /// Where verdicts are kept.
    pub database: Database,
    /// How much is taken on.
    pub limits: Limits,
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

/// How the version is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VersionFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

impl Command {
    /// Reads the arguments and the environment of this process.
    ///
    /// # Errors
    /// When a setting is unknown or bad; also when help was asked for, which is the text to print.
    pub fn from_process() -> Result<Self, clap::Error> {
        let arguments: Vec<_> = std::env::args_os().collect();
        let flags = Flags::try_parse_from(&arguments).map_err(|error| source::named(error, &arguments))?;
        Ok(Self::from(flags))
    }
}

impl From<Flags> for Command {
    fn from(Flags { serve, subcommand }: Flags) -> Self {
        match subcommand {
            None => Self::Start(serve.into()),
            Some(Subcommand::Serve(serve)) => Self::Serve(serve.into()),
            Some(Subcommand::Migrate { database, process, command }) => {
                Self::Migrate(database.database_url, process.into(), command)
            }
            Some(Subcommand::Assets { command }) => Self::Assets(command),
            Some(Subcommand::Probe(command)) => Self::Probe(command),
            Some(Subcommand::Seal { serve, command }) => Self::Seal(serve.into(), command),
            Some(Subcommand::Version { json: true }) => Self::Version(VersionFormat::Json),
            Some(Subcommand::Version { json: false }) => Self::Version(VersionFormat::Text),
        }
    }
}

impl From<flags::Serve> for Settings {
    fn from(flags: flags::Serve) -> Self {
        let machine = Capacity::of_this_machine(flags.max_waiting);
        let at_once: NonZeroUsize = flags.predictions.unwrap_or(machine.at_once);
        let (mut options, database) = (Options::from(flags.server), flags.database.database_url);
        options.process.needs = database.target.needs().and(options.ports());
        Self {
            options,
            database,
            limits: Limits { upload: flags.max_upload, predictions: Capacity { at_once, ..machine } },
        }
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
