//! Settings from flags, the environment and a TOML file, in that order of precedence, and where each came from.
//!
//! A setting is a flag that has an environment twin. A file gives it under the name of the flag,
//! `drain-pause = "5s"`, and its value is checked by the same parser. `--config` names the file, in a command line
//! that takes a [`ConfigFlag`].
//!
//! ```
//! use clap::Parser;
//! use kiln::cli::{ServerFlags, settings};
//!
//! let given: settings::Given<ServerFlags> = settings::parse(["app", "--port=9"])?;
//! assert_eq!(given.flags.port, Some(9));
//! let port = given.settings.iter().find(|setting| setting.name == "port").expect("a setting");
//! assert_eq!(port.source.to_string(), "flag");
//! # Ok::<(), clap::Error>(())
//! ```

mod file;
mod named;
mod secret;

use std::{ffi::OsString, fmt, io, path::PathBuf};

use clap::{Arg, ArgMatches, Command, Parser, parser::ValueSource};

use self::file::File;

/// The flag that names the file. Only [`parse`] reads the file, so a command line with this flag has to be
/// parsed by it.
#[derive(clap::Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigFlag {
    /// A TOML file of settings, under the names of the flags; flags and the environment come before it
    #[arg(long, env = "CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// What a process was given.
#[derive(Clone, Debug)]
pub struct Given<P> {
    /// The flags, checked.
    pub flags: P,
    /// Every setting of the command that was asked for, in the order of its help.
    pub settings: Vec<Setting>,
}

/// A setting as it is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The name of the flag, without its dashes.
    pub name: String,
    /// Its value, with any password masked; none when nothing sets it.
    pub value: Option<String>,
    /// Where the value came from.
    pub source: Source,
}

/// Where the value of a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// This environment variable.
    Environment(String),
    /// This line of this file.
    File(PathBuf, usize),
    /// Nobody has said otherwise.
    Default,
}

/// Reads arguments, the environment, and the file that they name.
///
/// # Errors
/// When a setting is unknown or bad, told with where it stands, or the file cannot be read; also when help was
/// asked for, which is the text to print.
pub fn parse<P: Parser>(
    arguments: impl IntoIterator<Item = impl Into<OsString>>,
) -> Result<Given<P>, clap::Error> {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let command = P::command();
    let file = file::named_by(&command, &arguments).map(File::read).transpose()?.unwrap_or_default();
    file.check(&command)?;
    let mut command = file.as_defaults(command);
    let flags = command.try_get_matches_from_mut(&arguments).and_then(|matches| {
        let flags = P::from_arg_matches(&matches).map_err(|error| error.format(&mut command))?;
        Ok(Given { flags, settings: in_force(&command, &matches, &file) })
    });
    flags.map_err(|error| named::named(error, &command, &arguments))
}

/// Writes one line for each setting: its name, its value, and where that came from.
///
/// # Errors
/// When `out` does not take it.
pub fn write(settings: &[Setting], out: &mut dyn io::Write) -> io::Result<()> {
    let shown = |setting: &Setting| setting.value.clone().unwrap_or_else(|| "-".to_owned());
    let width = |column: fn(&Setting) -> usize| settings.iter().map(column).max().unwrap_or(0);
    let (names, values) =
        (width(|setting| setting.name.len()), width(|setting| setting.value.as_ref().map_or(1, String::len)));
    settings.iter().try_for_each(|setting| {
        writeln!(out, "{:<names$}  {:<values$}  {}", setting.name, shown(setting), setting.source)
    })
}

fn in_force(command: &Command, matches: &ArgMatches, file: &File) -> Vec<Setting> {
    // The innermost command that was asked for is the one whose settings count.
    if let Some((name, matches)) = matches.subcommand()
        && let Some(command) = command.find_subcommand(name)
    {
        return in_force(command, matches, file);
    }
    let arguments = command.get_arguments().filter(|argument| !argument.is_hide_set());
    arguments.filter_map(|argument| setting(argument, matches, file)).collect()
}

fn setting(argument: &Arg, matches: &ArgMatches, file: &File) -> Option<Setting> {
    let name = name(argument)?.to_owned();
    let id = argument.get_id().as_str();
    let mut values = matches.get_raw(id).into_iter().flatten();
    let value = values.next().map(|value| value.to_string_lossy().into_owned());
    let value = if argument.is_hide_env_values_set() { value.as_deref().map(secret::masked) } else { value };
    let source = match matches.value_source(id) {
        Some(ValueSource::CommandLine) => Source::Flag,
        Some(ValueSource::EnvVariable) => Source::Environment(variable(argument)?),
        _ => file.place(&name).unwrap_or(Source::Default),
    };
    Some(Setting { name, value, source })
}

/// The name of a setting; none for a flag that is not one.
fn name(argument: &Arg) -> Option<&str> {
    argument.get_env().and(argument.get_long())
}

fn variable(argument: &Arg) -> Option<String> {
    argument.get_env().map(|variable| variable.to_string_lossy().into_owned())
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Environment(variable) => write!(f, "environment variable {variable}"),
            Self::File(file, line) => write!(f, "{}:{line}", file.display()),
            Self::Default => f.write_str("default"),
        }
    }
}
