//! Parsing, and the settings in force.

use std::{ffi::OsString, io};

use clap::{Arg, ArgMatches, Command, Parser, parser::ValueSource};

use super::{
    file::{self, File},
    invalid_value, secret,
    setting::{Setting, Source, name, variable},
};

/// A parsed command line.
#[derive(Clone, Debug)]
pub struct Parsed<P> {
    /// The flags, checked.
    pub flags: P,
    /// Every setting of the command that was called, in the order of its help.
    pub settings: Vec<Setting>,
}

/// Reads arguments, the environment, and the file that they name.
///
/// # Errors
/// When a setting is unknown or invalid, reported with its place, or the file cannot be read; also when help was asked
/// for, which is the text to print.
pub fn parse<P: Parser>(
    arguments: impl IntoIterator<Item = impl Into<OsString>>,
) -> Result<Parsed<P>, clap::Error> {
    parse_command(P::command(), arguments, P::from_arg_matches)
}

/// Like [`parse`], by a command that is put together at run time.
pub(in crate::cli) fn parse_command<P>(
    command: Command,
    arguments: impl IntoIterator<Item = impl Into<OsString>>,
    flags: impl FnOnce(&ArgMatches) -> Result<P, clap::Error>,
) -> Result<Parsed<P>, clap::Error> {
    let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
    let file = file::path(&command, &arguments).map(File::read).transpose()?.unwrap_or_default();
    file.check(&command)?;
    let mut command = file.as_defaults(command);
    let parsed = command.try_get_matches_from_mut(&arguments).and_then(|matches| {
        let flags = flags(&matches).map_err(|error| error.format(&mut command))?;
        Ok(Parsed { flags, settings: in_force(&command, &matches, &file) })
    });
    parsed.map_err(|error| invalid_value::located(error, &command, &arguments))
}

/// Writes one line for each setting: name, value, and origin of the value.
///
/// # Errors
/// When `out` cannot be written.
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
    // The settings are those of the innermost command.
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
