//! Tailwind: the official engine from `node_modules`, run in `QuickJS` inside this process.
//!
//! Two threads talk, in [`conversation`]. [`engine`] owns `QuickJS` and a stack deep enough for it, and knows no
//! files; [`host`] answers its questions with what lies in the project and in `node_modules`; [`plugin`] makes scripts
//! of plugins and configurations, and [`bytecode`] keeps what `QuickJS` makes of those. [`recording`] knows when the
//! engine need not be asked at all, and [`parted`] and [`theme_values`] what of a sheet need not be compiled again.

mod bytecode;
mod conversation;
mod engine;
mod host;
mod parted;
mod plain_rules;
mod plugin;
mod quickjs;
mod recording;
mod theme_values;

use kiln_manifest::{Digest, Mode};
use serde::Deserialize;

use self::{
    engine::{Built, Job, Output},
    host::Host,
    parted::Parted,
    theme_values::Values,
};
use super::{
    Stage,
    mapped::Mapped,
    style::{Given, Marked, Step, is_wanted, map},
};
use crate::{Error, Result, error::SourceError};

/// Compiles a style sheet that uses Tailwind to plain CSS, neither minified nor prefixed.
pub(super) fn compile(stage: &Stage<'_>, entry: Marked) -> Result<Mapped> {
    // Who waits for it has just edited it: a release, or what a process builds once, is compiled in one piece.
    let is_edited = stage.config.mode == Mode::Dev && parted::is_seen_again(&entry.file);
    let printed = match is_edited.then(|| edited(stage, &entry).ok().flatten()).flatten() {
        Some(printed) => printed,
        None => whole(stage, entry)?,
    };
    Ok(printed.mapped(stage))
}

/// None when the parts cannot be what the engine makes of the whole. An error is for the whole to tell.
fn edited(stage: &Stage<'_>, entry: &Marked) -> Result<Option<Printed>> {
    if let Some((sheet, values)) = Values::of(entry)
        && let Some(printed) = in_parts(stage, &sheet, &values)?
    {
        return Ok(Some(printed));
    }
    in_parts(stage, entry, &Values::default())
}

fn in_parts(stage: &Stage<'_>, sheet: &Marked, values: &Values) -> Result<Option<Printed>> {
    let Some(Parted { rest, plain, marks }) =
        Parted::of(sheet).filter(|parted| !parted::stays_whole(&parted.rest))
    else {
        return Ok(None);
    };
    let mut host = Host::new(stage, rest, Some(plain));
    let built = built(stage, &mut host);
    if host.is_value_read {
        theme_values::keep(&sheet.file);
        return Ok(None);
    }
    let Built { sheet, apart } = built?;
    let rest = Printed::of(sheet, host.read)?;
    let plain = apart.zip(host.plain).map(|(apart, plain)| Printed::of(apart, vec![plain])).transpose()?;
    let joined = plain.and_then(|plain| parted::join(&marks, &rest, &plain));
    let printed = joined.and_then(|joined| values.put_back(joined));
    if printed.is_none() {
        parted::keep_whole(&rest.read[0]);
    }
    Ok(printed)
}

fn whole(stage: &Stage<'_>, entry: Marked) -> Result<Printed> {
    let mut host = Host::new(stage, entry, None);
    let built = built(stage, &mut host)?;
    Printed::of(built.sheet, host.read)
}

fn built(stage: &Stage<'_>, host: &mut Host<'_>) -> Result<Built> {
    let job = host.job()?;
    let key = recording::key(&job);
    match recording::replay(stage.cache, &key, |question| host.answer(question)) {
        Some(built) => Ok(built),
        None => asked(stage, host, &key, job),
    }
}

fn asked(stage: &Stage<'_>, host: &mut Host<'_>, key: &Digest, job: Job) -> Result<Built> {
    let outcome = recording::record(stage.cache, key, job, |question| host.answer(question))?;
    host.failure.take().map_or(Ok(()), Err)?;
    outcome.map_err(|thrown| locate(&host.read, &thrown.message, thrown.offset))
}

/// What the engine has written.
struct Printed {
    css: String,
    /// The sheets that it was given.
    read: Vec<Marked>,
    /// From which of them it has written what.
    steps: Vec<Step>,
}

/// Where the engine says that it has written what.
#[derive(Deserialize)]
struct Drawn {
    /// The files, as they were given to it.
    sources: Vec<Option<String>>,
    /// Line and column of the output, source, line and column of that, all from 0.
    steps: Vec<[u32; 5]>,
}

impl Printed {
    fn of(output: Output, read: Vec<Marked>) -> Result<Self> {
        let steps = output.map.map(|drawn| steps(&read, &drawn)).transpose()?.unwrap_or_default();
        Ok(Self { css: output.css, read, steps })
    }

    fn mapped(self, stage: &Stage<'_>) -> Mapped {
        let given: Vec<Given<'_>> = self.read.iter().map(Given::Sheet).collect();
        let map = is_wanted(stage).then(|| map(&given, self.steps));
        Mapped { text: self.css, map }
    }
}

fn steps(read: &[Marked], drawn: &str) -> Result<Vec<Step>> {
    let drawn: Drawn = serde_json::from_str(drawn).map_err(|error| failed(error.to_string()))?;
    let sheet = |file: &Option<String>| {
        read.iter().position(|sheet| file.as_deref() == Some(&*sheet.file.to_string_lossy()))
    };
    let sheets: Vec<Option<usize>> = drawn.sources.iter().map(sheet).collect();
    let step = |[line, column, source, given_line, given_column]: [u32; 5]| {
        let text = sheets.get(source as usize).copied().flatten()?;
        Some(Step { compiled: (line, column), text, given: (given_line, given_column) })
    };
    Ok(drawn.steps.into_iter().filter_map(step).collect())
}

fn failed(problem: String) -> Error {
    Error::Tool { tool: "Tailwind", problem, mend: None }
}

/// The engine names a place for malformed CSS only; else the place is where a style sheet holds what
/// the message quotes.
fn locate(read: &[Marked], message: &str, offset: Option<(String, usize)>) -> Error {
    let given = offset.and_then(|(file, offset)| {
        let style = read.iter().find(|style| style.file.to_string_lossy() == file)?;
        let at = style.written_at_utf16(offset);
        Some(style.text.error(style.text.word_at(at), after_place(message, &file)))
    });
    match given.or_else(|| quoted(read, message)) {
        Some(error) => error.into(),
        None => failed(message.to_owned()),
    }
}

/// Messages with a place begin with it: `/path/app.css:2:1: Missing closing }`.
fn after_place<'a>(message: &'a str, file: &str) -> &'a str {
    let told = message.strip_prefix(file).and_then(|placed| placed.split_once(": "));
    told.map_or(message, |(_, told)| told)
}

fn quoted(read: &[Marked], message: &str) -> Option<SourceError> {
    let name = message
        .split('`')
        .nth(1)
        .filter(|name| !name.starts_with('@'))
        .or_else(|| message.rsplit_once(": ").map(|(_, name)| name))?;
    let is_class = message.contains("utility class");
    let find = if is_class { applied } else { |css: &str, name: &str| css.find(name) };
    let (sheet, at) = read.iter().find_map(|sheet| Some((sheet, find(sheet.text.content(), name)?)))?;
    let error = sheet.text.error(at..at + name.len(), message);
    if !is_class {
        return Some(error);
    }
    Some(error.with_label("no such utility").with_help(
        "mend the name, define it with `@utility`, or name the sheet that defines it with `@reference`",
    ))
}

/// Where an `@apply` names `class`.
fn applied(css: &str, class: &str) -> Option<usize> {
    css.match_indices("@apply").find_map(|(start, _)| {
        let statement = &css[start..start + css[start..].find([';', '}']).unwrap_or(css.len() - start)];
        let word = statement.split_whitespace().find(|word| word.trim_end_matches('!') == class)?;
        Some(word.as_ptr() as usize - css.as_ptr() as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_class_is_found_where_it_is_applied_as_a_whole_word() {
        let css = ".flex-x{color:red} .a{@apply flex-xy p-2;} .b{@apply p-1 flex-x}";
        assert_eq!(applied(css, "flex-x"), css.rfind("flex-x"));
        assert_eq!(applied(css, "flex"), None);
    }
}
