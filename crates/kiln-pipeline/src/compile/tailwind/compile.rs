//! The compiler of style sheets that use Tailwind.

use kiln_manifest::Digest;
use serde::Deserialize;

use super::{
    diagnostics::locate,
    dropped::dropped,
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
        css::sheets::{
            Mapped, Mapping, Sheet, Skipped, SkippedAt, SourceText, blanked, map, skip_warnings, skipped,
        },
    },
    text::{Lines, Map},
};

/// Compiles a style sheet that uses Tailwind to plain CSS, neither minified nor prefixed.
pub(in crate::compile) fn compile(context: &Context<'_>, engines: &Engines, entry: Sheet) -> Result<Mapped> {
    let mut host = Host::new(context, entry);
    let job = host.job()?;
    let output = output(context, engines, &mut host, job)?;
    context.warn(skip_warnings("Tailwind drops", dropped(&host.sheets).into_iter()));
    let text = Mapped::plain(output.css.clone()).with_imports_first().text;
    let skipped = skipped(&text, None);
    if skipped.is_empty() {
        return mapped(output, &host.sheets).map(Mapped::with_imports_first);
    }
    let text = blanked(&text, &skipped);
    let job = Job { is_mapped: true, ..host.job()? };
    let output = self::output(context, engines, &mut host, job)?;
    let Mapped { text: css, map } = mapped(output, &host.sheets)?.with_imports_first();
    context.warn(skip_warnings("browsers skip", places(&css, &skipped, map.as_ref())));
    Ok(Mapped { text, map: map.filter(|_| context.config.maps_styles()) })
}

/// The output of the engine: recorded, or new.
fn output(context: &Context<'_>, engines: &Engines, host: &mut Host<'_>, job: Job) -> Result<Output> {
    let key = recording::key(&job);
    match recording::replay(context.cache, &key, |request| host.respond(request)) {
        Some(output) => Ok(output),
        None => run(context, engines, host, &key, job),
    }
}

/// The places of skipped parts of the output in the style sheets. Parts of utilities have none: a candidate is a guess.
fn places<'a>(css: &'a str, skipped: &'a [Skipped], map: Option<&'a Map>) -> impl Iterator<Item = SkippedAt> {
    let lines = Lines::of(css);
    let table = map.map(Map::generate_lookup_table);
    skipped.iter().filter_map(move |Skipped { place, reason }| {
        let (line, column) = lines.position(place.start);
        let token = map?.lookup_token_approx(table.as_deref()?, line, column)?;
        let (file, _) = map?.get_source_and_content(token.get_source_id()?)?;
        let position = (token.get_src_line() as usize + 1, token.get_src_col() as usize + 1);
        let is_written = !file.starts_with(ENGINE);
        is_written.then(|| SkippedAt::new(file, position, &css[place.clone()], reason))
    })
}

/// The package of the engine, in names of sources.
const ENGINE: &str = "node_modules/tailwindcss/";

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
