//! `[[package.metadata.kiln.steps]]`: front ends that other tools build, and the commands that do so.

mod input;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use kiln_manifest::LogicalPath;
use serde::Deserialize;
use toml::Spanned;

pub use self::input::Input;
use self::input::overlap;
use crate::{Result, text::Text};

/// The output folder of another tool, and the command that writes it.
#[derive(Clone, Debug)]
pub struct ExternalStep {
    /// The program and its arguments, `["vite", "build"]`; empty when the folder is written before cargo is called.
    /// Programs of npm packages are found.
    pub command: Vec<String>,
    /// The working directory of the command, below the package; default the package itself.
    pub folder: Option<LogicalPath>,
    /// The files that the command reads. The command runs only when one of them has changed.
    pub inputs: Vec<Input>,
    /// Variables of the environment that the command reads; default none.
    pub env: Vec<String>,
    /// The folder that is embedded, below the package; its files keep their names.
    pub output: LogicalPath,
    /// The longest time that the command may take; default 600 seconds.
    pub timeout: Duration,
}

const TIMEOUT: Duration = Duration::from_mins(10);

/// `steps` in `Cargo.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct StepTable {
    command: Option<Spanned<Vec<Spanned<String>>>>,
    folder: Option<Spanned<String>>,
    #[serde(default)]
    inputs: Vec<Spanned<String>>,
    #[serde(default)]
    env: Vec<String>,
    output: Spanned<String>,
    timeout: Option<Spanned<u64>>,
}

impl ExternalStep {
    /// The working directory of the command.
    pub(crate) fn directory(&self, root: &Path) -> PathBuf {
        self.folder.as_ref().map_or_else(|| root.to_owned(), |folder| root.join(folder.as_str()))
    }

    pub(super) fn checked(text: &Text, table: StepTable) -> Result<Self> {
        let output = output(text, &table.output)?;
        if let Some(command) = &table.command {
            check_program(text, command)?;
            check_inputs(text, command, &table.inputs)?;
        }
        let inputs =
            table.inputs.iter().map(|glob| Input::checked(text, glob, &output)).collect::<Result<_>>()?;
        let words = table.command.map(Spanned::into_inner).unwrap_or_default();
        Ok(Self {
            command: words.into_iter().map(Spanned::into_inner).collect(),
            folder: table.folder.map(|folder| below_package(text, &folder)).transpose()?,
            inputs,
            env: table.env,
            output,
            timeout: table.timeout.map_or(Ok(TIMEOUT), |seconds| timeout(text, &seconds))?,
        })
    }

    /// All steps. Their output folders must not overlap.
    pub(super) fn all(text: &Text, tables: Vec<StepTable>) -> Result<Vec<Self>> {
        let places: Vec<_> = tables.iter().map(|table| table.output.span()).collect();
        let steps: Vec<Self> =
            tables.into_iter().map(|table| Self::checked(text, table)).collect::<Result<_>>()?;
        for (position, step) in steps.iter().enumerate() {
            if let Some(other) = steps[..position].iter().find(|other| overlap(&step.output, &other.output)) {
                return Err(text
                    .error(
                        places[position].clone(),
                        format!("output folders `{}` and `{}` overlap", other.output, step.output),
                    )
                    .with_label("written by another step")
                    .with_help("give each step an output folder of its own")
                    .into());
            }
        }
        Ok(steps)
    }
}

fn check_program(text: &Text, command: &Spanned<Vec<Spanned<String>>>) -> Result<()> {
    if command.get_ref().first().is_some_and(|program| !program.get_ref().is_empty()) {
        return Ok(());
    }
    Err(text
        .error(command.span(), "empty `command`")
        .with_help("name the program and its arguments: `command = [\"vite\", \"build\"]`; remove `command` when the folder is written before cargo is called")
        .into())
}

fn check_inputs(
    text: &Text,
    command: &Spanned<Vec<Spanned<String>>>,
    inputs: &[Spanned<String>],
) -> Result<()> {
    if !inputs.is_empty() {
        return Ok(());
    }
    Err(text
        .error(command.span(), "missing `inputs` of the command")
        .with_label("without inputs, a build cannot know when to run it")
        .with_help("name the files that it reads: `inputs = [\"web/**\", \"vite.config.ts\"]`")
        .into())
}

fn output(text: &Text, value: &Spanned<String>) -> Result<LogicalPath> {
    let output = below_package(text, value)?;
    if output.as_str() == "assets" || output.as_str().starts_with("assets/") {
        return Err(text
            .error(value.span(), format!("output folder `{output}` lies in `assets`"))
            .with_help(
                "let the command write into a folder beside `assets`: its output is not compiled again",
            )
            .into());
    }
    Ok(output)
}

fn below_package(text: &Text, value: &Spanned<String>) -> Result<LogicalPath> {
    LogicalPath::new(value.get_ref()).map_err(|invalid| {
        text.error(value.span(), invalid.to_string())
            .with_help("name a folder below the package, with `/` between folders: `web/dist`")
            .into()
    })
}

fn timeout(text: &Text, seconds: &Spanned<u64>) -> Result<Duration> {
    if *seconds.get_ref() > 0 {
        return Ok(Duration::from_secs(*seconds.get_ref()));
    }
    Err(text
        .error(seconds.span(), "`timeout` is zero")
        .with_help("write a number of seconds, or remove it: the default is 600")
        .into())
}
