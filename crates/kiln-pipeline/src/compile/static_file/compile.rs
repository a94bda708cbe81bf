//! The compiler of static files.

use kiln_manifest::Exposure;

use super::{signatures, svg, web_manifest};
use crate::{
    Error, Result,
    compile::{
        context::Context,
        entry::Entries,
        output::{Compiled, Content},
    },
    file_digest::FileDigest,
    parallel,
    reference::output_of,
    source::{Language, Source},
};

/// Compiles static files, and the classic scripts of pages, which are served unchanged.
pub(in crate::compile) fn compile(context: &Context<'_>, entries: &Entries<'_>) -> Result<Vec<Compiled>> {
    let classic = entries.classic.iter().copied();
    let sources: Vec<&Source> = context.in_language(Language::StaticFile).chain(classic).collect();
    let mut outputs = Error::collect(parallel::map(sources, |source| compile_one(context, source, entries)))?;
    #[cfg(feature = "toolchain")]
    outputs.extend(of_packages(context)?);
    Ok(outputs)
}

/// Files of packages, unchanged.
#[cfg(feature = "toolchain")]
fn of_packages(context: &Context<'_>) -> Result<Vec<Compiled>> {
    let sources = context.packages.in_language(Language::StaticFile);
    Error::collect(parallel::map(sources, |source| {
        let (digest, _) = FileDigest::examine(&source.file)?;
        Ok(Compiled::new(source.path, source.exposure, Content::File(digest)))
    }))
}

fn compile_one(context: &Context<'_>, source: &Source, entries: &Entries<'_>) -> Result<Compiled> {
    let (digest, head) = FileDigest::examine(&source.file)?;
    signatures::check(context.config, source, &head)?;
    let text = if keeps_its_bytes(context, source) { None } else { with_tokens(context, source, entries)? };
    let body = text.map_or(Content::File(digest), Content::Text);
    Ok(Compiled::new(output_of(source), source.exposure, body))
}

/// Whether a file keeps its bytes: it is not served, or served under a name that the build does not choose.
fn keeps_its_bytes(context: &Context<'_>, source: &Source) -> bool {
    source.exposure != Exposure::Hashed || context.config.options.hashed.is_match(source.path.as_str())
}

/// The text with tokens; `None` for a file without references.
fn with_tokens(context: &Context<'_>, source: &Source, entries: &Entries<'_>) -> Result<Option<String>> {
    match source.path.extension().map(str::to_ascii_lowercase).as_deref() {
        Some("svg") => svg::compile(context, source),
        Some("webmanifest") => web_manifest::compile(context, source),
        _ if entries.has_manifest(source) => web_manifest::compile(context, source),
        _ => Ok(None),
    }
}
