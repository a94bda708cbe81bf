//! The origin of an invalid value, in its error.
//!
//! clap names the flag also when the value stood in the environment, which sends people to the wrong place.

use std::ffi::OsString;

use clap::{
    Arg, Command,
    error::{ContextKind, ContextValue, ErrorKind},
};

/// Adds the environment variable to the error of a value that came from it. A value that may hold a password is masked.
pub(super) fn located(mut error: clap::Error, command: &Command, arguments: &[OsString]) -> clap::Error {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg).cloned() else { return error };
    let long = flag.split([' ', '=']).next().unwrap_or(&flag);
    let Some(argument) = long.strip_prefix("--").and_then(|long| argument(command, long)) else {
        return error;
    };
    mask(&mut error, argument);
    if let Some(variable) = argument.get_env()
        && error.kind() == ErrorKind::ValueValidation
        && on_command_line(long, arguments).is_none()
    {
        add_place(&mut error, &format!("the environment variable '{}", variable.display()));
    }
    error
}

/// Adds the place of an invalid value to its error.
pub(super) fn add_place(error: &mut clap::Error, place: &str) {
    if let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg).cloned() {
        // clap puts quotation marks around the whole.
        error.insert(ContextKind::InvalidArg, ContextValue::String(format!("{flag}' from {place}")));
    }
}

pub(super) fn mask(error: &mut clap::Error, argument: &Arg) {
    if argument.is_hide_env_values_set() {
        error.insert(ContextKind::InvalidValue, ContextValue::String("…".to_owned()));
    }
}

/// The value of a flag on the command line; empty when it stands in the next argument and there is none.
pub(super) fn on_command_line<'a>(long: &str, arguments: &'a [OsString]) -> Option<&'a str> {
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    while let Some(argument) = arguments.next() {
        match argument.strip_prefix(long) {
            Some("") => return Some(arguments.next().unwrap_or_default()),
            Some(rest) if rest.starts_with('=') => return Some(&rest[1..]),
            _ => {}
        }
    }
    None
}

/// A flag of `command`, or of one of its subcommands: a name means the same in all of them.
pub(super) fn argument<'a>(command: &'a Command, long: &str) -> Option<&'a Arg> {
    let own = command.get_arguments().find(|argument| argument.get_long() == Some(long));
    own.or_else(|| command.get_subcommands().find_map(|subcommand| self::argument(subcommand, long)))
}
