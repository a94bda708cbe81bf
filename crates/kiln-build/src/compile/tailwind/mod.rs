//! Tailwind: the official engine from `node_modules`, run in `QuickJS` inside this process.
//!
//! Two threads talk. [`engine`] owns `QuickJS` and a stack deep enough for it, and knows no files; [`host`]
//! answers its questions with what lies in the project and in `node_modules`; [`plugin`] makes scripts of
//! plugins and configurations. [`recording`] knows when the engine need not be asked at all.

mod engine;
mod host;
mod plugin;
mod recording;

use kiln_manifest::Digest;
use serde::Deserialize;

use self::{
    engine::{Built, Job},
    host::Host,
};
use super::{
    Stage,
    mapped::Mapped,
    style::{Given, Marked, Step, is_wanted, map},
};
use crate::{Error, Result, error::SourceError, source_map::Map};

/// Compiles a style sheet that uses Tailwind to plain CSS, neither minified nor prefixed.
pub(super) fn compile(stage: &Stage<'_>, entry: Marked) -> Result<Mapped> {
    let mut host = Host::new(stage);
    let folder = entry.file.parent().unwrap_or(&stage.config.root);
    let job = Job {
        engine: host.engine()?.to_string_lossy().into_owned(),
        css: entry.css.clone(),
        path: entry.file.to_string_lossy().into_owned(),
        base: folder.to_string_lossy().into_owned(),
        is_mapped: is_wanted(stage),
    };
    let key = recording::key(&job)?;
    host.read.push(entry);
    let built = match recording::replay(stage.cache, &key, |question| host.answer(question)) {
        Some(built) => built,
        None => asked(stage, &mut host, &key, job)?,
    };
    let map = built.map.map(|steps| drawn(&host.read, &steps)).transpose()?;
    Ok(Mapped { text: built.css, map })
}

fn asked(stage: &Stage<'_>, host: &mut Host<'_>, key: &Digest, job: Job) -> Result<Built> {
    host.forget();
    let outcome = recording::record(stage.cache, key, job, |question| host.answer(question))?;
    host.failure.take().map_or(Ok(()), Err)?;
    outcome.map_err(|thrown| locate(&host.read, &thrown.message, thrown.offset))
}

/// Where the engine says that it has written what.
#[derive(Deserialize)]
struct Drawn {
    /// The files, as they were given to it.
    sources: Vec<Option<String>>,
    /// Line and column of the output, source, line and column of that, all from 0.
    steps: Vec<[u32; 5]>,
}

fn drawn(read: &[Marked], steps: &str) -> Result<Map> {
    let drawn: Drawn = serde_json::from_str(steps).map_err(|error| failed(error.to_string()))?;
    let sheet = |file: &Option<String>| {
        let sheet = read.iter().find(|sheet| file.as_deref() == Some(&*sheet.file.to_string_lossy()));
        sheet.map_or(Given::Unknown, Given::Sheet)
    };
    let given: Vec<Given<'_>> = drawn.sources.iter().map(sheet).collect();
    let steps = drawn.steps.into_iter().map(|[line, column, text, given_line, given_column]| Step {
        compiled: (line, column),
        text: text as usize,
        given: (given_line, given_column),
    });
    Ok(map(&given, steps))
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
        Some(style.text.error(style.text.word_at(at), after_place(message)))
    });
    match given.or_else(|| quoted(read, message)) {
        Some(error) => error.into(),
        None => failed(message.to_owned()),
    }
}

/// Messages with a place begin with it: `/path/app.css:2:1: Missing closing }`.
fn after_place(message: &str) -> &str {
    message.rsplit_once(": ").map_or(message, |(_, rest)| rest)
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
