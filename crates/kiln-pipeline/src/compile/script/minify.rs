//! Chunks of a release: minified.
//!
//! rolldown would minify every chunk in every build. Most chunks are unchanged since the previous build, so minified
//! code is cached by its input.

use std::sync::Arc;

use kiln_manifest::Digest;
use oxc::{
    allocator::Allocator,
    codegen::{CodegenOptions, CommentOptions, LegalComment},
    minifier::{MinifierOptions, TreeShakeOptions},
    span::SourceType,
    transformer::EngineTargets,
};
use oxc_sourcemap::SourceMap;
use rolldown::TreeshakeOptions;
use rolldown_common::{OutputChunk, OutputFormat, RawCompressOptions, RawMangleOptions};
use rolldown_ecmascript::EcmaCompiler;
use rolldown_sourcemap::collapse_sourcemaps;

use crate::{
    Result,
    compile::{
        bundler::{self, BROWSERS, VERSION},
        context::Context,
    },
};

/// The chunk with minified code, and a source map to match.
pub(super) fn minified(context: &Context<'_>, chunk: Arc<OutputChunk>) -> Result<Arc<OutputChunk>> {
    let mut chunk = Arc::unwrap_or_clone(chunk);
    (chunk.code, chunk.map) = match &chunk.map {
        Some(map) => with_map(context, &chunk, map).map(|(code, map)| (code, Some(map)))?,
        None => (cached(context, &chunk)?, None),
    };
    Ok(Arc::new(chunk))
}

fn cached(context: &Context<'_>, chunk: &OutputChunk) -> Result<String> {
    let names = if context.config.options.keep_names { ", names" } else { "" };
    let tool = format!("minified, rolldown {VERSION}, {}{names}", BROWSERS.join(","));
    let key = Digest::of_parts([tool.as_bytes(), chunk.code.as_bytes()]);
    if let Some(code) = context.cache.get(&key).and_then(|entry| String::from_utf8(entry.bytes).ok()) {
        return Ok(code);
    }
    let allocator = Allocator::default();
    let (code, _) = minify(context, &allocator, chunk)?;
    context.cache.keep(&key, code.clone().into_bytes())?;
    Ok(code)
}

/// The minified code with its source map, not cached: a release has no maps unless it is configured so.
fn with_map(
    context: &Context<'_>,
    chunk: &OutputChunk,
    map: &SourceMap<'_>,
) -> Result<(String, SourceMap<'static>)> {
    let allocator = Allocator::default();
    let (code, of_minifying) = minify(context, &allocator, chunk)?;
    let map = match &of_minifying {
        Some(of_minifying) => collapse_sourcemaps(&[map, of_minifying]),
        None => map.clone().into_owned(),
    };
    Ok((code, map))
}

/// The minified code, with the map of the minification when the chunk has one.
fn minify<'a>(
    context: &Context<'_>,
    allocator: &'a Allocator,
    chunk: &'a OutputChunk,
) -> Result<(String, Option<SourceMap<'a>>)> {
    const COMPRESS: bool = true;
    Ok(EcmaCompiler::dce_or_minify(
        allocator,
        &chunk.code,
        SourceType::mjs().with_jsx(true),
        chunk.map.is_some(),
        &chunk.filename,
        COMPRESS,
        minifier(context.config.options.keep_names)?,
        printer(),
    ))
}

/// The options of rolldown for `minify: true`.
fn minifier(keep_names: bool) -> Result<MinifierOptions> {
    let browsers = EngineTargets::from_target_list(&BROWSERS).map_err(bundler::failed)?;
    let effects = TreeShakeOptions::from(&TreeshakeOptions::default().into_normalized_options());
    let mangle = RawMangleOptions::default().into_mangle_options(keep_names, OutputFormat::Esm);
    let compress = RawCompressOptions::default().into_compress_options(browsers, keep_names, effects);
    Ok(MinifierOptions { mangle: Some(mangle), mangle_properties: None, compress: Some(compress) })
}

/// The options of the printer: only licence comments stay.
fn printer() -> CodegenOptions {
    CodegenOptions {
        minify: true,
        comments: CommentOptions {
            normal: false,
            jsdoc: false,
            annotation: false,
            legal: LegalComment::Inline,
        },
        ..CodegenOptions::default()
    }
}
