//! The whole command line of an application: the settings and commands of every application, and its own.

use std::convert::Infallible;

use clap::{Args, Subcommand};

#[cfg(feature = "migrate")]
use super::database::{Database, Migrated};
use super::{
    dispatch::{CommandDefinition, Executable, run},
    storage::NoDatabase,
};
#[cfg(feature = "migrate")]
use crate::migrate::{FilesError, Migrations};
use crate::{
    assets::Assets,
    embed::Build,
    exit::Exit,
    launch::Server,
    lifespan::{BoxError, Lifespan, StartUpError},
};

/// The command line of an application, to be [served](Self::serve) from `main`.
///
/// Without a command, and by `serve`, the application serves; `assets`, `probe`, `settings`, `version` and, with a bill
/// of materials, `sbom` are there as well. Settings come from flags, the environment, and the file of `--config`.
///
/// ```ignore
/// kiln::embed!();
///
/// fn main() -> kiln::Exit {
///     kiln::CommandLine::of::<Embedded>()
///         .database(migrations::load)
///         .serve(|server, flags: Flags, database| {
///             server
///                 .start(async move |lifespan| start(lifespan, &flags, &database).await)
///                 .routes(routes)
///                 .assets(|state| &state.assets)
///         })
/// }
/// ```
#[must_use = "a command line does nothing until it is served"]
pub struct CommandLine<S = NoDatabase, Commands = Infallible>(CommandDefinition<S, Commands>);

impl CommandLine {
    /// The command line of the application that embeds `B`, with its name, version and description.
    pub fn of<B: Build>() -> Self {
        let executable = Executable {
            provenance: B::PROVENANCE,
            description: B::DESCRIPTION,
            sbom: B::SBOM,
            assets: Assets::load::<B>,
        };
        Self(CommandDefinition { executable, storage: NoDatabase, run: Box::new(|command| match command {}) })
    }
}

impl<S, Commands> CommandLine<S, Commands> {
    /// Adds commands of the application's own, which may flatten [`ProcessFlags`](super::ProcessFlags), and with a
    /// database its flag. An error is printed, and ends the process with [`Exit::StartUp`].
    pub fn commands<Own: Subcommand>(
        self,
        run: impl FnOnce(Own) -> Result<(), BoxError> + 'static,
    ) -> CommandLine<S, Own> {
        let CommandDefinition { executable, storage, .. } = self.0;
        CommandLine(CommandDefinition { executable, storage, run: Box::new(run) })
    }
}

impl<Commands: Subcommand> CommandLine<NoDatabase, Commands> {
    /// Adds `--database-url`, by default `sqlite://NAME.db`, and `migrate`, with these migrations. Without a command, a
    /// SQLite database is migrated before the application serves.
    #[cfg(feature = "migrate")]
    pub fn database(self, load: fn() -> Result<Migrations, FilesError>) -> CommandLine<Migrated, Commands> {
        let CommandDefinition { executable, run, .. } = self.0;
        CommandLine(CommandDefinition { executable, storage: Migrated { load }, run })
    }

    /// Runs the command of this process. `configure` completes the server, from the application's own flags: `()` where
    /// it has none. Call it from `main`, on the only thread: results and usage errors are printed here.
    pub fn serve<Own, State, Start>(self, configure: impl FnOnce(Server, Own) -> Server<State, Start>) -> Exit
    where
        Own: Args,
        State: Send + Sync + 'static,
        Start: AsyncFnOnce(&mut Lifespan) -> Result<State, StartUpError>,
    {
        run(self.0, |server, own, ()| configure(server, own))
    }
}

#[cfg(feature = "migrate")]
impl<Commands: Subcommand> CommandLine<Migrated, Commands> {
    /// Runs the command of this process. `configure` completes the server, from the application's own flags: `()` where
    /// it has none; and from its database, whose files and ports the seal leaves open. Call it from `main`, on the only
    /// thread: results and usage errors are printed here.
    pub fn serve<Own, State, Start>(
        self,
        configure: impl FnOnce(Server, Own, Database) -> Server<State, Start>,
    ) -> Exit
    where
        Own: Args,
        State: Send + Sync + 'static,
        Start: AsyncFnOnce(&mut Lifespan) -> Result<State, StartUpError>,
    {
        run(self.0, configure)
    }
}
