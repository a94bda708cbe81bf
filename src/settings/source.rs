//! Where a bad value came from.
//!
//! clap names the flag of a bad value also when the value stood in the environment, which sends people to
//! look in the wrong place.

use std::ffi::OsString;

use clap::{
    Arg, Command, CommandFactory,
    error::{ContextKind, ContextValue, ErrorKind},
};

use super::flags::Flags;

/// The same error; when its value came from the environment, it names the variable. A value that may hold a
/// password is not repeated.
pub(super) fn named(mut error: clap::Error, arguments: &[OsString]) -> clap::Error {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg).cloned() else { return error };
    let long = flag.split([' ', '=']).next().unwrap_or(&flag);
    let command = Flags::command();
    let Some(argument) = argument(&command, long) else { return error };
    if argument.is_hide_env_values_set() {
        error.insert(ContextKind::InvalidValue, ContextValue::String("…".to_owned()));
    }
    if let Some(variable) = argument.get_env()
        && error.kind() == ErrorKind::ValueValidation
        && !is_given(long, arguments)
    {
        let named = format!("{flag}' from the environment variable '{}", variable.display());
        error.insert(ContextKind::InvalidArg, ContextValue::String(named));
    }
    error
}

fn is_given(long: &str, arguments: &[OsString]) -> bool {
    arguments.iter().filter_map(|argument| argument.to_str()).any(|argument| {
        argument.strip_prefix(long).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })
}

/// A flag of `command`, or of one of its subcommands; the same name means the same everywhere.
fn argument<'a>(command: &'a Command, long: &str) -> Option<&'a Arg> {
    let is_it =
        |argument: &&Arg| argument.get_long().is_some_and(|name| long.strip_prefix("--") == Some(name));
    let own = command.get_arguments().find(is_it);
    own.or_else(|| command.get_subcommands().find_map(|subcommand| self::argument(subcommand, long)))
}
