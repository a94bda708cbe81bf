//! Does what was asked for, and says how to exit.

use std::io::{self, Write};

use kiln::{
    Application, Error, Exit, ServerOptions, Shutdown,
    assets::{Assets, AssetsError},
    cli::{self, AssetsCommandError, MigrateCommand, ProbeError, SealCommandError},
    launch::{self, ProcessOptions, Sockets},
    migrate::{Engine, MigrateError},
    seal,
};

use crate::{
    assets::{Embedded, PROVENANCE, SBOM},
    lifespan::{self, State},
    migrations, routes,
    settings::{Command, Database, Settings},
};

/// Why a command that starts no server failed.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// The assets in the executable cannot be read.
    #[error(transparent)]
    Embedded(#[from] AssetsError),
    /// A command about assets failed.
    #[error(transparent)]
    Assets(#[from] AssetsCommandError),
    /// The server is not ready, or not there.
    #[error(transparent)]
    Probe(#[from] ProbeError),
    /// The seal does not hold, or could not be tried.
    #[error(transparent)]
    Seal(#[from] SealCommandError),
    /// The output could not be written.
    #[error("the output cannot be written; see whether the program that reads it has ended")]
    Output(#[from] io::Error),
}

/// Runs `command`. What serves or migrates tells its errors to the log; the rest returns them.
///
/// # Errors
/// When a command that starts no server fails.
pub fn run(command: Command) -> Result<Exit, CommandError> {
    let out = &mut io::stdout();
    match command {
        Command::Start(settings) if settings.database.target.engine() == Engine::Sqlite => {
            return Ok(launch::launch(&settings.options.process.clone(), async |seal| {
                migrate(&settings.database, &MigrateCommand::default()).await?;
                serve(settings, seal).await
            }));
        }
        Command::Start(settings) | Command::Serve(settings) => {
            return Ok(launch::launch(&settings.options.process.clone(), async |seal| {
                serve(settings, seal).await
            }));
        }
        Command::Migrate(database, process, command) => {
            // To name whoever keeps a runner waiting; elsewhere than on Linux there is nothing of that name.
            let needs = database.target.needs().read("/proc");
            let process = ProcessOptions { needs, ..process };
            return Ok(launch::launch(&process, async |_| migrate(&database, &command).await));
        }
        Command::Assets(command) => command.run(&Assets::load::<Embedded>()?, out)?,
        Command::Probe(command) => command.run(out)?,
        Command::Seal(settings, command) => {
            let process = &settings.options.process;
            command.run(process.seal, &process.needs, out)?;
        }
        Command::Settings(settings) => cli::settings::write(&settings, out)?,
        Command::Version(command) => {
            command.run(PROVENANCE, &Assets::load::<Embedded>()?.manifest(), out)?;
        }
        Command::Sbom => writeln!(out, "{SBOM}")?,
    }
    Ok(Exit::Clean)
}

async fn migrate(database: &Database, command: &MigrateCommand) -> Result<(), Error> {
    let migrations = migrations::load().map_err(MigrateError::from)?;
    Ok(command.run(&migrations, &database.target, &mut io::stdout()).await?)
}

async fn serve(settings: Settings, seal: seal::Report) -> Result<(), Error> {
    let shutdown =
        Shutdown::on_signals().map_err(|source| Error::System { what: "listen for signals", source })?;
    let tls = settings.options.tls()?;
    let Sockets { public, ownership, admin } = Sockets::bind(&settings.options)?;
    let start = async |lifespan: &mut kiln::Lifespan| lifespan::start(lifespan, &settings).await;
    let server = ServerOptions { listener_ownership: ownership, ..settings.options.server.clone() };
    let application = Application::build(server, public, shutdown, start, routes::configure).await?;
    let build = application.state().assets.manifest().build_id.to_string();
    let application = application.with_seal(seal).with_build(build).with_tls(tls).with_admin(admin)?;
    application.with_assets(|state| &state.assets).with_measure(State::measure).run().await
}
