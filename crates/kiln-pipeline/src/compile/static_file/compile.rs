//! The compiler of static files.

use kiln_manifest::Exposure;
#[cfg(feature = "toolchain")]
use kiln_manifest::LogicalPath;

use super::{map_comment, playlist, signatures, svg, web_manifest};
use crate::{
    Error, Result,
    compile::{
        context::Context,
        entry::{Entries, Entry},
        output::{Compiled, Content},
    },
    file_digest::FileDigest,
    parallel,
    reference::output_of,
    source::{Language, Source},
};
#[cfg(feature = "toolchain")]
use crate::{compile::script::PathStrings, config::SourceMaps};

/// Compiles static files, and classic scripts, which are served unchanged.
pub(in crate::compile) fn compile(context: &Context<'_>, entries: &Entries<'_>) -> Result<Vec<Compiled>> {
    #[cfg(feature = "toolchain")]
    warn_of_paths(context, &entries.classic);
    let classic = entries.classic.iter().copied();
    let sources = context.in_language(Language::StaticFile);
    #[cfg(feature = "toolchain")]
    let sources = sources.filter(|source| !is_replaced_map(context, entries, source));
    let sources: Vec<&Source> = sources.chain(classic).collect();
    let outputs = Error::collect(parallel::map(sources, |source| compile_one(context, source, entries)))?;
    #[cfg(feature = "toolchain")]
    let outputs = outputs.into_iter().chain(of_packages(context)?).collect();
    Ok(outputs)
}

/// Warns of paths in the strings of classic scripts.
#[cfg(feature = "toolchain")]
fn warn_of_paths(context: &Context<'_>, scripts: &[&Source]) {
    let paths = PathStrings::new(context);
    for source in scripts.iter().filter(|source| is_own(context, source)) {
        // Another encoding than UTF-8 is served as it is.
        let Ok(text) = context.read_text(&source.file) else { continue };
        let whole = 0..text.content().len();
        context.warn(paths.in_unchanged(source, &text, whole));
    }
}

/// Whether a file is the source map of a script or style sheet that is compiled, and whose own map has the same name: a
/// vendored `lib.css` may lie beside its `lib.css.map`.
#[cfg(feature = "toolchain")]
fn is_replaced_map(context: &Context<'_>, entries: &Entries<'_>, source: &Source) -> bool {
    let of = source.path.as_str().strip_suffix(".map").and_then(|name| LogicalPath::new(name).ok());
    let is_served = source.exposure == Exposure::Hashed;
    is_served
        && of.and_then(|of| context.tree.get(&of)).is_some_and(|of| match of.language {
            Language::Style => output_of(of) == of.path && context.config.maps_styles(),
            Language::Script => {
                let is_classic = entries.classic.iter().any(|classic| classic.path == of.path);
                let has_map = context.config.source_maps() != SourceMaps::None;
                output_of(of) == of.path && !is_classic && has_map
            }
            Language::Page | Language::Partial | Language::StaticFile => false,
        })
}

/// Files of packages, unchanged.
#[cfg(feature = "toolchain")]
fn of_packages(context: &Context<'_>) -> Result<Vec<Compiled>> {
    let sources = context.packages.in_language(Language::StaticFile);
    Error::collect(parallel::map(sources, |source| {
        let (digest, head) = FileDigest::examine(&source.file)?;
        Ok(Compiled::with_head(source.path, source.exposure, Content::File(digest), &head))
    }))
}

/// Service workers that web app manifests name.
pub(in crate::compile) fn service_workers<'a>(
    context: &Context<'a>,
    entries: &Entries<'a>,
) -> Vec<Entry<'a>> {
    let is_manifest = |source: &&Source| {
        !keeps_its_bytes(context, source)
            && (source.path.extension() == Some("webmanifest") || entries.has_manifest(source))
    };
    let manifests = context.in_language(Language::StaticFile).filter(is_manifest);
    manifests.filter_map(|source| web_manifest::service_worker(context, source)).collect()
}

fn compile_one(context: &Context<'_>, source: &Source, entries: &Entries<'_>) -> Result<Compiled> {
    let (digest, head) = FileDigest::examine(&source.file)?;
    signatures::check(context.config, source, &head)?;
    let text = if keeps_its_bytes(context, source) { None } else { with_tokens(context, source, entries)? };
    let body = text.map_or(Content::File(digest), Content::Text);
    Ok(Compiled::with_head(output_of(source), source.exposure, body, &head))
}

/// Whether a file keeps its bytes: it is not served, or another tool or its author has written the names in it.
fn keeps_its_bytes(context: &Context<'_>, source: &Source) -> bool {
    let options = &context.config.options;
    match source.exposure {
        _ if !is_own(context, source) => true,
        Exposure::Hashed => options.hashed.is_match(source.path.as_str()),
        Exposure::Verbatim => {
            let is_own = source.file.starts_with(context.config.assets());
            !(is_own && options.verbatim.is_compiled(&source.path))
        }
        Exposure::Page | Exposure::Private => true,
    }
}

/// Whether a file is no part of a package.
fn is_own(context: &Context<'_>, source: &Source) -> bool {
    context.tree.get(&source.path).is_some()
}

/// The text with tokens; `None` for a file without references.
fn with_tokens(context: &Context<'_>, source: &Source, entries: &Entries<'_>) -> Result<Option<String>> {
    match source.path.extension().map(str::to_ascii_lowercase).as_deref() {
        Some("m3u8") => playlist::compile(context, source),
        Some("svg") => svg::compile(context, source),
        Some("webmanifest") => web_manifest::compile(context, source),
        _ if source.language == Language::Script => Ok(map_comment::compile(context, source)),
        _ if entries.has_manifest(source) => web_manifest::compile(context, source),
        _ => Ok(None),
    }
}
