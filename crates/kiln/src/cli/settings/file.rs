//! The TOML file that `--config` names.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use clap::{Arg, Command, error::ErrorKind};
use toml::de::{DeTable, DeValue};

use super::{
    invalid_value::{self, argument},
    setting::{Source, name, with_default},
};

/// The flag `--config`. Only [`parse`](super::parse) reads the file, so a command line with this flag has to be parsed
/// by it.
#[derive(clap::Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigFlag {
    /// TOML file of settings, named as the flags are; flags and the environment take precedence
    #[arg(long, env = "CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
}

/// The flag that names the file.
const FLAG: &str = "config";

/// A configuration file; empty where none is named.
#[derive(Debug, Default)]
pub(super) struct File {
    path: PathBuf,
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    key: String,
    value: String,
    line: usize,
}

/// The path in the command line, or else in the environment.
pub(super) fn path(command: &Command, arguments: &[OsString]) -> Option<PathBuf> {
    let flag = argument(command, FLAG)?;
    let flag_value = invalid_value::on_command_line("--config", arguments).map(OsString::from);
    flag_value.or_else(|| env::var_os(flag.get_env()?)).filter(|path| !path.is_empty()).map(PathBuf::from)
}

impl File {
    pub(super) fn read(path: PathBuf) -> Result<Self, clap::Error> {
        let text = fs::read_to_string(&path).map_err(|error| {
            let path = path.display();
            invalid(format!("cannot read the configuration file `{path}`: {error}; check `--config`"))
        })?;
        let entries = entries(&path, &text)?;
        Ok(Self { path, entries })
    }

    /// Checks every entry by the flag of its name.
    pub(super) fn check(&self, command: &Command) -> Result<(), clap::Error> {
        self.entries.iter().try_for_each(|entry| {
            let place = format!("{}:{}", self.path.display(), entry.line);
            let flag = argument(command, &entry.key).filter(|flag| name(flag).is_some() && entry.key != FLAG);
            match flag {
                Some(flag) => entry.check(flag, &place),
                None => Err(unknown(command, &entry.key, &place)),
            }
        })
    }

    /// The same command, with the values of the file as defaults. The values have been checked, since clap takes a
    /// default that does not parse for a mistake in the program.
    pub(super) fn as_defaults(&self, command: Command) -> Command {
        self.entries
            .iter()
            .fold(command, |command, Entry { key, value, .. }| with_default(command, key, value))
    }

    /// The place of a setting in the file.
    pub(super) fn place(&self, name: &str) -> Option<Source> {
        let entry = self.entries.iter().find(|entry| entry.key == name)?;
        Some(Source::File(self.path.clone(), entry.line))
    }
}

impl Entry {
    fn check(&self, flag: &Arg, place: &str) -> Result<(), clap::Error> {
        // A command with this flag alone, without the variable that would be looked at too.
        let alone = Arg::new("value").long(self.key.clone()).value_parser(flag.get_value_parser().clone());
        let alone = match flag.get_value_names() {
            Some(names) => alone.value_names(names.iter().cloned()),
            None => alone,
        };
        let line = format!("--{}={}", self.key, self.value);
        let parsed = Command::new("file").no_binary_name(true).arg(alone).try_get_matches_from([line]);
        parsed.map(drop).map_err(|mut error| {
            invalid_value::mask(&mut error, flag);
            invalid_value::add_place(&mut error, &format!("'{place}"));
            error
        })
    }
}

fn entries(path: &Path, text: &str) -> Result<Vec<Entry>, clap::Error> {
    let place = |offset: usize| {
        let line = text[..offset.min(text.len())].bytes().filter(|byte| *byte == b'\n').count() + 1;
        (line, format!("{}:{line}", path.display()))
    };
    let table = DeTable::parse(text).map_err(|error| {
        let (_, place) = place(error.span().map_or(0, |span| span.start));
        invalid(format!("{place}: {}", error.message()))
    })?;
    let entries = table.into_inner().into_iter().map(|(key, value)| {
        let (line, place) = place(key.span().start);
        let key = key.into_inner().into_owned();
        let written = &text[value.span()];
        let value = match value.into_inner() {
            DeValue::String(value) => value.into_owned(),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) => written.to_owned(),
            DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                return Err(invalid(format!("{place}: `{key}` is neither a string nor a number")));
            }
        };
        Ok(Entry { key, value, line })
    });
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(|entry| entry.line);
    Ok(entries)
}

fn unknown(command: &Command, key: &str, place: &str) -> clap::Error {
    let mut known = Vec::new();
    collect(command, &mut known);
    known.sort();
    known.dedup();
    invalid(format!("{place}: unknown setting `{key}`; the settings are {}", known.join(", ")))
}

fn collect(command: &Command, known: &mut Vec<String>) {
    known.extend(command.get_arguments().filter_map(name).filter(|name| *name != FLAG).map(str::to_owned));
    command.get_subcommands().for_each(|subcommand| collect(subcommand, known));
}

fn invalid(message: String) -> clap::Error {
    clap::Error::raw(ErrorKind::InvalidValue, message + "\n")
}
