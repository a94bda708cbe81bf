//! The storage of an application: a database, or none.

use std::convert::Infallible;

use clap::{Args, Command, Subcommand};

use crate::{exit::Exit, launch::Server};

/// The flags, commands and steps that a database adds to a command line.
pub(super) trait Storage {
    /// The flags that name the database.
    type Flags: Args;
    /// The commands on the database.
    type Commands: Subcommand;
    /// The database, as the application receives it.
    type Database;

    /// Completes the command line of the application `name`.
    fn complete(&self, command: Command, name: &str) -> Command;

    /// The server, with the needs of the database that the flags name, and that database.
    fn serve(&self, server: Server, flags: Self::Flags) -> (Server, Self::Database);

    /// The server of a command line without a command: an embedded database is migrated before its start.
    fn migrate_and_serve(&self, server: Server, flags: Self::Flags) -> (Server, Self::Database);

    /// Runs a command on the database.
    fn run(&self, command: Self::Commands) -> Exit;
}

/// No database: neither `--database-url` nor `migrate`.
#[derive(Clone, Copy, Debug)]
pub struct NoDatabase;

impl Storage for NoDatabase {
    type Flags = ();
    type Commands = Infallible;
    type Database = ();

    fn complete(&self, command: Command, _: &str) -> Command {
        command
    }

    fn serve(&self, server: Server, (): ()) -> (Server, ()) {
        (server, ())
    }

    fn migrate_and_serve(&self, server: Server, (): ()) -> (Server, ()) {
        (server, ())
    }

    fn run(&self, command: Infallible) -> Exit {
        match command {}
    }
}
