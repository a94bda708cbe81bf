//! A setting, and where its value came from.

use std::{fmt, path::PathBuf};

use clap::{Arg, Command};

/// A setting in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// The name of the flag, without its dashes.
    pub name: String,
    /// The value, with any password masked; none when nothing sets it.
    pub value: Option<String>,
    /// The origin of the value.
    pub source: Source,
}

/// The origin of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// An environment variable.
    Environment(String),
    /// A file, and a line of it.
    File(PathBuf, usize),
    /// The default.
    Default,
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

/// The name of a setting: a flag that has an environment twin.
pub(super) fn name(argument: &Arg) -> Option<&str> {
    argument.get_env().and(argument.get_long())
}

/// The environment twin of a setting.
pub(super) fn variable(argument: &Arg) -> Option<String> {
    argument.get_env().map(|variable| variable.to_string_lossy().into_owned())
}

/// The same command, with this default of a setting, also in its subcommands.
pub(in crate::cli) fn with_default(command: Command, setting: &str, value: &str) -> Command {
    let with_default_value = |argument: Arg| match name(&argument) {
        Some(name) if name == setting => argument.required(false).default_value(value.to_owned()),
        _ => argument,
    };
    command
        .mut_args(with_default_value)
        .mut_subcommands(|subcommand| with_default(subcommand, setting, value))
}
