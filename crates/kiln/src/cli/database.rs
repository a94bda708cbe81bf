//! `--database-url` and `migrate`: a database whose schema the embedded migrations make.

use std::{fmt, io, str::FromStr};

use clap::{Args, Command, Subcommand};

use super::{
    migrate::MigrateCommand,
    process::ProcessFlags,
    settings::{ConfigFlag, with_default},
    storage::Storage,
};
use crate::{
    error::Error,
    exit::Exit,
    launch::{ProcessOptions, Server, launch},
    migrate::{Engine, FilesError, MigrateError, Migrations, Target},
};

/// A database, from its URL.
#[derive(Clone)]
pub struct Database {
    /// The URL as it was given.
    pub url: String,
    /// The engine, and the options to connect.
    pub target: Target,
}

/// A database with migrations: `--database-url`, and `migrate`.
#[derive(Clone, Copy, Debug)]
pub struct Migrated {
    pub(super) load: fn() -> Result<Migrations, FilesError>,
}

/// The flag of the database, for commands of the application's own as well. Its default is `sqlite://NAME.db`, by the
/// name of the package.
#[derive(Args, Clone, Debug)]
pub struct DatabaseFlags {
    /// Database: `sqlite://FILE`, or `postgres://USER@HOST/DATABASE`
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, value_name = "URL")]
    pub database_url: Database,
}

#[derive(Debug, Subcommand)]
pub(super) enum DatabaseCommand {
    /// Apply pending migrations, or show their state
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
}

const WITHOUT_COMMAND: &str =
    "Without a command: on SQLite `migrate` and then `serve`; on PostgreSQL `serve`.";

impl Storage for Migrated {
    type Flags = DatabaseFlags;
    type Commands = DatabaseCommand;
    type Database = Database;

    fn complete(&self, command: Command, name: &str) -> Command {
        with_default(command, "database-url", &format!("sqlite://{name}.db"))
            .mut_subcommand("serve", |serve| serve.about("Serve; pending migrations are an error"))
            .after_help(WITHOUT_COMMAND)
    }

    fn serve(&self, server: Server, flags: DatabaseFlags) -> (Server, Database) {
        let database = flags.database_url;
        (server.needs(database.target.needs()), database)
    }

    /// A fresh machine needs one command; a release migrates in a step of its own.
    fn migrate_and_serve(&self, server: Server, flags: DatabaseFlags) -> (Server, Database) {
        let (server, database) = self.serve(server, flags);
        let server = match database.target.engine() {
            Engine::Sqlite => server.before(migrate(*self, database.clone(), MigrateCommand::default())),
            Engine::Postgres => server,
        };
        (server, database)
    }

    fn run(&self, command: DatabaseCommand) -> Exit {
        let DatabaseCommand::Migrate { database: DatabaseFlags { database_url }, process, command, .. } =
            command;
        // `/proc` names the process that holds the lock; only Linux has it.
        let needs = database_url.target.needs().read("/proc");
        let process = ProcessOptions { needs, ..process.into() };
        launch(&process, async |_| migrate(*self, database_url, command).await)
    }
}

async fn migrate(storage: Migrated, database: Database, command: MigrateCommand) -> Result<(), Error> {
    let migrations = (storage.load)().map_err(MigrateError::from)?;
    Ok(command.run(&migrations, &database.target, &mut io::stdout()).await?)
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
