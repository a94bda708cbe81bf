//! The compiler of style sheets that use Tailwind.

use kiln_manifest::Digest;
use serde::Deserialize;

use super::{
    diagnostics::locate,
    engine::Engines,
    error::failed,
    host::Host,
    protocol::{Job, Output},
    recording,
};
use crate::{
    Result,
    compile::{
        context::Context,
        css::sheets::{Mapped, Mapping, Sheet, SourceText, map},
    },
};

/// Compiles a style sheet that uses Tailwind to plain CSS, neither minified nor prefixed.
pub(in crate::compile) fn compile(context: &Context<'_>, engines: &Engines, entry: Sheet) -> Result<Mapped> {
    let mut host = Host::new(context, entry);
    let job = host.job()?;
    let key = recording::key(&job);
    let output = match recording::replay(context.cache, &key, |request| host.respond(request)) {
        Some(output) => output,
        None => run(context, engines, &mut host, &key, job)?,
    };
    mapped(output, &host.sheets)
}

fn run(
    context: &Context<'_>,
    engines: &Engines,
    host: &mut Host<'_>,
    key: &Digest,
    job: Job,
) -> Result<Output> {
    let outcome = recording::record(context.cache, key, engines, job, |request| host.respond(request))?;
    host.failure.take().map_or(Ok(()), Err)?;
    outcome.map_err(|thrown| locate(&host.sheets, thrown))
}

/// The source map of the engine.
#[derive(Deserialize)]
struct EngineMap {
    /// Paths of the sheets, as the host named them.
    sources: Vec<Option<String>>,
    /// Mappings: generated line and column, index of the source, original line and column, all from 0.
    mappings: Vec<[u32; 5]>,
}

fn mapped(output: Output, sheets: &[Sheet]) -> Result<Mapped> {
    let texts: Vec<SourceText<'_>> = sheets.iter().map(SourceText::Sheet).collect();
    let mappings = output.map.map(|json| parsed(sheets, &json)).transpose()?;
    Ok(Mapped { text: output.css, map: mappings.map(|mappings| map(&texts, mappings)) })
}

fn parsed(sheets: &[Sheet], json: &str) -> Result<Vec<Mapping>> {
    let EngineMap { sources, mappings } = serde_json::from_str(json).map_err(failed)?;
    let position = |file: &Option<String>| {
        sheets.iter().position(|sheet| file.as_deref() == Some(&*sheet.file.to_string_lossy()))
    };
    let positions: Vec<Option<usize>> = sources.iter().map(position).collect();
    let mapping = |[line, column, source, original_line, original_column]: [u32; 5]| {
        let source = positions.get(source as usize).copied().flatten()?;
        Some(Mapping { generated: (line, column), source, original: (original_line, original_column) })
    };
    Ok(mappings.into_iter().filter_map(mapping).collect())
}
