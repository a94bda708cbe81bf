//! The command of a process: parsed, and run.

use std::{
    env,
    fmt::Display,
    io::{self, Write},
};

use clap::{ArgMatches, Args, Command, CommandFactory, FromArgMatches, Subcommand};

use super::{
    arguments::{Arguments, OneOffCommand, ServeFlags, StandardCommand},
    settings::{self, Parsed, Setting, parse_command},
    storage::Storage,
};
use crate::{
    assets::{Assets, AssetsError},
    exit::Exit,
    launch::Server,
    lifespan::{BoxError, Lifespan, StartUpError},
    manifest::Provenance,
};

/// The definition of a command line: the executable, its storage, and the commands of its own.
pub(super) struct CommandDefinition<S, Commands> {
    pub(super) executable: Executable,
    pub(super) storage: S,
    /// Runs a command of the application's own.
    pub(super) run: Box<dyn FnOnce(Commands) -> Result<(), BoxError>>,
}

/// The embedded build, without its type.
#[derive(Clone, Copy)]
pub(super) struct Executable {
    pub(super) provenance: Provenance,
    pub(super) description: &'static str,
    pub(super) sbom: Option<&'static str>,
    pub(super) assets: fn() -> Result<Assets, AssetsError>,
}

/// A command, parsed.
enum Invocation<S: Storage, Own: Args, Commands: Subcommand> {
    Arguments(Box<Arguments<S, Own, Commands>>),
    Sbom,
}

const SBOM: &str = "sbom";

/// The server and the database of an application, from the server of its flags: [`Storage::serve`], say.
type WithStorage<S> = fn(&S, Server, <S as Storage>::Flags) -> (Server, <S as Storage>::Database);

/// Runs the command of this process.
pub(super) fn run<S, Own, Commands, State, Start>(
    definition: CommandDefinition<S, Commands>,
    configure: impl FnOnce(Server, Own, S::Database) -> Server<State, Start>,
) -> Exit
where
    S: Storage,
    Own: Args,
    Commands: Subcommand,
    State: Send + Sync + 'static,
    Start: AsyncFnOnce(&mut Lifespan) -> Result<State, StartUpError>,
{
    let Parsed { flags, settings } =
        match parse_command(command::<S, Own, Commands>(&definition), env::args_os(), invocation) {
            Ok(parsed) => parsed,
            Err(message) => return exit_without_command(&message),
        };
    let CommandDefinition { executable, storage, run } = definition;
    let server = |with_storage: WithStorage<S>, flags: ServeFlags<S, Own>| {
        let (server, database) = with_storage(&storage, flags.server.into(), flags.database);
        configure(server, flags.own, database)
    };
    let Invocation::Arguments(arguments) = flags else {
        return exit(writeln!(io::stdout(), "{}", executable.sbom.unwrap_or_default()));
    };
    match arguments.command {
        None => server(S::migrate_and_serve, arguments.serve).run(),
        Some(StandardCommand::Serve(flags)) => server(S::serve, *flags).run(),
        Some(StandardCommand::Database(command)) => storage.run(command),
        Some(StandardCommand::OneOff(command)) => exit(run_one_off(command, executable, run, &settings)),
        Some(StandardCommand::Seal { serve, command }) => {
            let process = server(S::serve, *serve).process();
            exit(command.run(process.seal, &process.needs, &mut io::stdout()))
        }
    }
}

fn command<S: Storage, Own: Args, Commands: Subcommand>(
    definition: &CommandDefinition<S, Commands>,
) -> Command {
    let Executable { provenance: Provenance { name, version, .. }, description, sbom, .. } =
        definition.executable;
    let command = Arguments::<S, Own, Commands>::command().name(name).version(version);
    let about = Some(description).filter(|description| !description.is_empty());
    let command = definition.storage.complete(command, name).about(about).long_about(None);
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

/// The exit of a command line without a valid command. Help goes to standard output and is no failure; a usage error
/// goes to standard error.
fn exit_without_command(message: &clap::Error) -> Exit {
    let written = message.print();
    if message.use_stderr() || written.is_err() { Exit::Usage } else { Exit::Clean }
}

fn run_one_off<S: Storage, Own: Args, Commands: Subcommand>(
    command: OneOffCommand<S, Own, Commands>,
    Executable { provenance, assets, .. }: Executable,
    run: impl FnOnce(Commands) -> Result<(), BoxError>,
    settings: &[Setting],
) -> Result<(), BoxError> {
    let out = &mut io::stdout();
    match command {
        OneOffCommand::Assets { command } => command.run(&assets()?, out)?,
        OneOffCommand::Probe(command) => command.run(out)?,
        OneOffCommand::Settings(_) => settings::write(settings, out)?,
        OneOffCommand::Version(command) => command.run(provenance, &assets()?.manifest(), out)?,
        OneOffCommand::Own(command) => run(command)?,
    }
    Ok(())
}

/// The exit of a command that does not serve, with its error on standard error.
fn exit(outcome: Result<(), impl Display>) -> Exit {
    match outcome {
        Ok(()) => Exit::Clean,
        Err(error) => {
            eprintln!("error: {error}");
            Exit::StartUp
        }
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::*;
    #[cfg(feature = "migrate")]
    use crate::cli::database::Migrated;
    use crate::cli::storage::NoDatabase;

    #[derive(Args)]
    struct OwnFlags {
        /// Greeting of the page
        #[arg(long, env = "GREETING", default_value = "hello")]
        greeting: String,
    }

    #[derive(Debug, PartialEq, Subcommand)]
    enum Tidy {
        /// Remove leftovers
        Tidy { days: u32 },
    }

    fn definition(sbom: Option<&'static str>) -> CommandDefinition<NoDatabase, Infallible> {
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
        CommandDefinition { executable, storage: NoDatabase, run: Box::new(|command| match command {}) }
    }

    fn commands(command: &Command) -> Vec<&str> {
        command.get_subcommands().map(Command::get_name).collect()
    }

    fn has_flag(command: &Command, name: &str) -> bool {
        command.get_arguments().any(|argument| argument.get_long() == Some(name))
    }

    #[test]
    fn every_application_has_the_common_commands_and_settings() {
        let command = command::<_, (), _>(&definition(None));
        assert_eq!(commands(&command), ["serve", "assets", "probe", "settings", "version", "seal"]);
        for command in ["serve", "settings", "seal"].map(|name| command.find_subcommand(name)) {
            let command = command.expect("a command");
            assert!(has_flag(command, "config") && has_flag(command, "listen"), "{command:?}");
            assert!(!has_flag(command, "database-url"), "{command:?}");
        }
        assert!(command.get_about().expect("a description").to_string() == "Greets.");
    }

    #[test]
    fn a_bill_of_materials_adds_a_command() {
        assert!(commands(&command::<_, (), _>(&definition(Some("{}")))).contains(&"sbom"));
    }

    #[cfg(feature = "migrate")]
    #[test]
    fn a_database_adds_its_url_and_its_migrations() {
        let storage = Migrated { load: || unreachable!("no command of this test migrates") };
        let CommandDefinition { executable, run, .. } = definition(None);
        let command = command::<_, (), _>(&CommandDefinition { executable, storage, run });
        assert!(commands(&command).contains(&"migrate"));
        for name in ["serve", "migrate", "settings", "seal"] {
            let command = command.find_subcommand(name).expect(name);
            let url = command.get_arguments().find(|argument| argument.get_long() == Some("database-url"));
            assert_eq!(url.expect(name).get_default_values(), ["sqlite://app.db"], "{name}");
        }
    }

    #[test]
    fn an_application_adds_its_own_flags_and_commands() {
        let CommandDefinition { executable, storage, .. } = definition(None);
        let definition = CommandDefinition { executable, storage, run: Box::new(|_: Tidy| Ok(())) };
        let parse = |arguments: &[&str]| {
            let arguments = ["app"].iter().chain(arguments);
            let parsed = parse_command(
                command::<_, OwnFlags, _>(&definition),
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
        let Some(StandardCommand::OneOff(OneOffCommand::Own(tidy))) = parse(&["tidy", "3"]).command else {
            panic!("own command")
        };
        assert_eq!(tidy, Tidy::Tidy { days: 3 });
        let Some(StandardCommand::Serve(serve)) = parse(&["serve", "--greeting=ho"]).command else {
            panic!("`serve`")
        };
        assert_eq!(serve.own.greeting, "ho");
    }
}
