//! The whole command line of an application: the settings and commands of every application, and its own.

use std::{
    convert::Infallible,
    env,
    io::{self, Write},
};

use clap::{ArgMatches, Args, Command, CommandFactory, FromArgMatches, Subcommand};

#[cfg(feature = "migrate")]
use super::database::{Database, Migrated};
use super::{
    arguments::{Arguments, ServeFlags, StandardCommand},
    settings::{self, Parsed, Setting, parse_command},
    storage::{NoDatabase, Storage},
};
#[cfg(feature = "migrate")]
use crate::migrate::{FilesError, Migrations};
use crate::{
    assets::{Assets, AssetsError},
    embed::Build,
    exit::Exit,
    launch::Server,
    lifespan::{BoxError, Lifespan, StartUpError},
    manifest::Provenance,
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
pub struct CommandLine<S = NoDatabase, Commands = Infallible> {
    executable: Executable,
    storage: S,
    run: Box<dyn FnOnce(Commands) -> Result<(), BoxError>>,
}

/// The embedded build, without its type.
#[derive(Clone, Copy)]
struct Executable {
    provenance: Provenance,
    description: &'static str,
    sbom: Option<&'static str>,
    assets: fn() -> Result<Assets, AssetsError>,
}

impl CommandLine {
    /// The command line of the application that embeds `B`, with its name, version and description.
    pub fn of<B: Build>() -> Self {
        let executable = Executable {
            provenance: B::PROVENANCE,
            description: B::DESCRIPTION,
            sbom: B::SBOM,
            assets: Assets::load::<B>,
        };
        Self { executable, storage: NoDatabase, run: Box::new(|command| match command {}) }
    }
}

impl<S, Commands> CommandLine<S, Commands> {
    /// Adds commands of the application's own. An error is printed, and ends the process with
    /// [`Exit::StartUp`].
    pub fn commands<Own: Subcommand>(
        self,
        run: impl FnOnce(Own) -> Result<(), BoxError> + 'static,
    ) -> CommandLine<S, Own> {
        CommandLine { executable: self.executable, storage: self.storage, run: Box::new(run) }
    }
}

impl<Commands: Subcommand> CommandLine<NoDatabase, Commands> {
    /// Adds `--database-url`, by default `sqlite://NAME.db`, and `migrate`, with these migrations. Without a command, a
    /// SQLite database is migrated before the application serves.
    #[cfg(feature = "migrate")]
    pub fn database(self, load: fn() -> Result<Migrations, FilesError>) -> CommandLine<Migrated, Commands> {
        let Self { executable, run, .. } = self;
        CommandLine { executable, storage: Migrated { load }, run }
    }

    /// Runs the command of this process. `configure` completes the server, from the application's own flags: `()` where
    /// it has none. Call it from `main`, on the only thread: results and usage errors are printed here.
    pub fn serve<Own, State, Start>(self, configure: impl FnOnce(Server, Own) -> Server<State, Start>) -> Exit
    where
        Own: Args,
        State: Send + Sync + 'static,
        Start: AsyncFnOnce(&mut Lifespan) -> Result<State, StartUpError>,
    {
        run(self, |server, own, ()| configure(server, own))
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
        run(self, configure)
    }
}

/// A command, parsed.
enum Invocation<S: Storage, Own: Args, Commands: Subcommand> {
    Arguments(Box<Arguments<S, Own, Commands>>),
    Sbom,
}

const SBOM: &str = "sbom";

fn run<S, Own, Commands, State, Start>(
    line: CommandLine<S, Commands>,
    configure: impl FnOnce(Server, Own, S::Database) -> Server<State, Start>,
) -> Exit
where
    S: Storage,
    Own: Args,
    Commands: Subcommand,
    State: Send + Sync + 'static,
    Start: AsyncFnOnce(&mut Lifespan) -> Result<State, StartUpError>,
{
    match parse_command(command::<S, Own, Commands>(&line), env::args_os(), invocation) {
        Ok(Parsed { flags, settings }) => {
            dispatch(line, flags, &settings, configure).unwrap_or_else(|error| {
                eprintln!("error: {error}");
                Exit::StartUp
            })
        }
        Err(message) => {
            // Help goes to standard output and is no failure; a usage error goes to standard error.
            let written = message.print();
            if message.use_stderr() || written.is_err() { Exit::Usage } else { Exit::Clean }
        }
    }
}

fn command<S: Storage, Own: Args, Commands: Subcommand>(line: &CommandLine<S, Commands>) -> Command {
    let Executable { provenance: Provenance { name, version, .. }, description, sbom, .. } = line.executable;
    let command = Arguments::<S, Own, Commands>::command().name(name).version(version);
    let about = Some(description).filter(|description| !description.is_empty());
    let command = line.storage.complete(command, name).about(about).long_about(None);
    if sbom.is_none() {
        return command;
    }
    let about = "Print the crates and npm packages in this executable, in CycloneDX";
    command.subcommand(Command::new(SBOM).about(about))
}

fn invocation<S: Storage, Own: Args, Commands: Subcommand>(
    matches: &ArgMatches,
) -> Result<Invocation<S, Own, Commands>, clap::Error> {
    if matches.subcommand_name() == Some(SBOM) {
        return Ok(Invocation::Sbom);
    }
    Arguments::from_arg_matches(matches).map(|arguments| Invocation::Arguments(Box::new(arguments)))
}

fn dispatch<S, Own, Commands, State, Start>(
    line: CommandLine<S, Commands>,
    invocation: Invocation<S, Own, Commands>,
    settings: &[Setting],
    configure: impl FnOnce(Server, Own, S::Database) -> Server<State, Start>,
) -> Result<Exit, BoxError>
where
    S: Storage,
    Own: Args,
    Commands: Subcommand,
    State: Send + Sync + 'static,
    Start: AsyncFnOnce(&mut Lifespan) -> Result<State, StartUpError>,
{
    let CommandLine { executable, storage, run } = line;
    let out = &mut io::stdout();
    let Invocation::Arguments(arguments) = invocation else {
        writeln!(out, "{}", executable.sbom.unwrap_or_default())?;
        return Ok(Exit::Clean);
    };
    let Arguments { serve, command } = *arguments;
    match command {
        None => {
            let ServeFlags { database, own, server, .. } = serve;
            let server = storage.migrate_and_serve(server.into(), &database);
            return Ok(configure(server, own, S::database(database)).run());
        }
        Some(StandardCommand::Serve(serve)) => return Ok(server(&storage, *serve, configure).run()),
        Some(StandardCommand::Database(command)) => return Ok(storage.run(command)),
        Some(StandardCommand::Assets { command }) => command.run(&(executable.assets)()?, out)?,
        Some(StandardCommand::Probe(command)) => command.run(out)?,
        Some(StandardCommand::Seal { serve, command }) => {
            let process = server(&storage, *serve, configure).process();
            command.run(process.seal, &process.needs, out)?;
        }
        Some(StandardCommand::Settings(_)) => settings::write(settings, out)?,
        Some(StandardCommand::Version(command)) => {
            command.run(executable.provenance, &(executable.assets)()?.manifest(), out)?;
        }
        Some(StandardCommand::Own(command)) => run(command)?,
    }
    Ok(Exit::Clean)
}

fn server<S: Storage, Own: Args, State, Start>(
    storage: &S,
    ServeFlags { database, own, server, .. }: ServeFlags<S, Own>,
    configure: impl FnOnce(Server, Own, S::Database) -> Server<State, Start>,
) -> Server<State, Start> {
    let server = storage.serve(server.into(), &database);
    configure(server, own, S::database(database))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Args)]
    struct OwnFlags {
        /// Words of welcome
        #[arg(long, env = "GREETING", default_value = "hello")]
        greeting: String,
    }

    #[derive(Debug, PartialEq, Subcommand)]
    enum Tidy {
        /// Remove leftovers
        Tidy { days: u32 },
    }

    fn line(sbom: Option<&'static str>) -> CommandLine {
        let provenance = Provenance {
            name: "app",
            version: "1.2.3",
            commit: None,
            rustc: "rustc 1.95.0",
            target: "x86_64-unknown-linux-gnu",
            features: &[],
        };
        let assets = || unreachable!("no command of these tests reads assets");
        let executable = Executable { provenance, description: "Greets.", sbom, assets };
        CommandLine { executable, storage: NoDatabase, run: Box::new(|command| match command {}) }
    }

    fn commands(command: &Command) -> Vec<&str> {
        command.get_subcommands().map(Command::get_name).collect()
    }

    fn has_flag(command: &Command, name: &str) -> bool {
        command.get_arguments().any(|argument| argument.get_long() == Some(name))
    }

    #[test]
    fn every_application_has_the_commands_and_settings_that_all_want() {
        let command = command::<_, (), _>(&line(None));
        assert_eq!(commands(&command), ["serve", "assets", "probe", "seal", "settings", "version"]);
        for command in ["serve", "settings", "seal"].map(|name| command.find_subcommand(name)) {
            let command = command.expect("a command");
            assert!(has_flag(command, "config") && has_flag(command, "listen"), "{command:?}");
            assert!(!has_flag(command, "database-url"), "{command:?}");
        }
        assert!(command.get_about().expect("a description").to_string() == "Greets.");
    }

    #[test]
    fn a_bill_of_materials_brings_a_command() {
        assert!(commands(&command::<_, (), _>(&line(Some("{}")))).contains(&"sbom"));
    }

    #[cfg(feature = "migrate")]
    #[test]
    fn a_database_brings_its_url_and_its_migrations() {
        let line = line(None).database(|| unreachable!("no command of this test migrates"));
        let command = command::<_, (), _>(&line);
        assert!(commands(&command).contains(&"migrate"));
        for name in ["serve", "migrate", "settings", "seal"] {
            let command = command.find_subcommand(name).expect(name);
            let url = command.get_arguments().find(|argument| argument.get_long() == Some("database-url"));
            assert_eq!(url.expect(name).get_default_values(), ["sqlite://app.db"], "{name}");
        }
    }

    #[test]
    fn an_application_adds_its_own_flags_and_commands() {
        let line = line(None).commands(|_: Tidy| Ok(()));
        let parse = |arguments: &[&str]| {
            let arguments = ["app"].iter().chain(arguments);
            let parsed = parse_command(
                command::<_, OwnFlags, _>(&line),
                arguments,
                invocation::<NoDatabase, OwnFlags, Tidy>,
            );
            match parsed.expect("valid arguments").flags {
                Invocation::Arguments(arguments) => *arguments,
                Invocation::Sbom => panic!("`sbom` was not asked for"),
            }
        };
        let Arguments { serve, command } = parse(&["--greeting=hi", "--port=9"]);
        assert!(command.is_none());
        assert_eq!((serve.own.greeting.as_str(), serve.server.port), ("hi", Some(9)));
        let Some(StandardCommand::Own(tidy)) = parse(&["tidy", "3"]).command else { panic!("own command") };
        assert_eq!(tidy, Tidy::Tidy { days: 3 });
        let Some(StandardCommand::Serve(serve)) = parse(&["serve", "--greeting=ho"]).command else {
            panic!("`serve`")
        };
        assert_eq!(serve.own.greeting, "ho");
    }
}
