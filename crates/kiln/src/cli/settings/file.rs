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
    Source, name,
    named::{self, argument},
};

/// The flag that names the file.
const FLAG: &str = "config";

/// A file of settings; without one, nothing is in it.
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

/// The file that the command line names, or else the environment.
pub(super) fn named_by(command: &Command, arguments: &[OsString]) -> Option<PathBuf> {
    let flag = argument(command, FLAG)?;
    let given = named::given("--config", arguments).map(OsString::from);
    given.or_else(|| env::var_os(flag.get_env()?)).filter(|path| !path.is_empty()).map(PathBuf::from)
}

impl File {
    pub(super) fn read(path: PathBuf) -> Result<Self, clap::Error> {
        let text = fs::read_to_string(&path).map_err(|error| {
            let path = path.display();
            mistake(format!("cannot read the settings in `{path}`: {error}; is `--config` right?"))
        })?;
        let entries = entries(&path, &text)?;
        Ok(Self { path, entries })
    }

    /// Holds every entry against the flag of its name.
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

    /// The same command, whose defaults are what the file says. The values have been checked, since clap takes
    /// a default that does not parse for a mistake in the program.
    pub(super) fn as_defaults(&self, mut command: Command) -> Command {
        for Entry { key, value, .. } in &self.entries {
            let found = command.get_arguments().find(|argument| name(argument) == Some(key.as_str()));
            if let Some(id) = found.map(|argument| argument.get_id().clone()) {
                command = command.mut_arg(id, |argument| argument.default_value(value.clone()));
            }
        }
        let names: Vec<String> =
            command.get_subcommands().map(|subcommand| subcommand.get_name().to_owned()).collect();
        for name in names {
            command = command.mut_subcommand(name, |subcommand| self.as_defaults(subcommand));
        }
        command
    }

    /// Where a setting stands in the file.
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
            named::hide(&mut error, flag);
            named::name(&mut error, &format!("'{place}"));
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
        mistake(format!("{place}: {}", error.message()))
    })?;
    let entries = table.into_inner().into_iter().map(|(key, value)| {
        let (line, place) = place(key.span().start);
        let key = key.into_inner().into_owned();
        let written = &text[value.span()];
        let value = match value.into_inner() {
            DeValue::String(value) => value.into_owned(),
            DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) => written.to_owned(),
            DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => {
                return Err(mistake(format!("{place}: `{key}` is neither a text nor a number")));
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
    mistake(format!("{place}: there is no setting `{key}`; there are {}", known.join(", ")))
}

fn collect(command: &Command, known: &mut Vec<String>) {
    known.extend(command.get_arguments().filter_map(name).filter(|name| *name != FLAG).map(str::to_owned));
    command.get_subcommands().for_each(|subcommand| collect(subcommand, known));
}

fn mistake(message: String) -> clap::Error {
    clap::Error::raw(ErrorKind::InvalidValue, message + "\n")
}
