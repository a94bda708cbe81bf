//! `@plugin` and `@config`: `ECMAScript`, `CommonJS` or TypeScript, bundled into one script without file access.

use std::path::{Path, PathBuf};

use kiln_manifest::Digest;
use rolldown::{
    BundlerOptions, BundlerTransformOptions, Either, InputItem, OutputExports, OutputFormat, Platform,
};
use rolldown_common::{CodeSplittingMode, LogLevel, Output};
use serde::{Deserialize, Serialize};

use super::error::failed;
use crate::{
    Result,
    compile::{
        bundler::{self, Bundled},
        context::Context,
    },
    file_digest::digest,
    packages::{is_installed, resolution_files},
};

/// The language level of `QuickJS`.
const TARGET: &str = "es2023";

/// A bundled plugin with its input files.
#[derive(Deserialize, Serialize)]
struct BundledPlugin {
    code: String,
    /// Input files with their digests.
    read: Vec<(PathBuf, Digest)>,
}

/// The body of a `CommonJS` module with the exports of `file`. Modules of Node.js stay `require`d.
///
/// Bundles of installed packages are cached until one of their files changes.
pub(super) fn bundled(context: &Context<'_>, file: &Path) -> Result<String> {
    let key = key(context, file);
    if let Some(cached) = context.cache.get(&key).and_then(|entry| BundledPlugin::unchanged(&entry.bytes)) {
        context.track(cached.read.into_iter().map(|(file, _)| file));
        return Ok(cached.code);
    }
    let (code, read) = bundle(context, file)?;
    context.track(read.clone());
    if read.iter().all(|file| is_installed(file))
        && let Some(bundle) = BundledPlugin::of(&code, read)
    {
        let entry = serde_json::to_vec(&bundle).map_err(failed)?;
        context.cache.keep(&key, entry)?;
    }
    Ok(code)
}

/// The cache key of a bundle, which includes the files that decide how imports are resolved.
fn key(context: &Context<'_>, file: &Path) -> Digest {
    let resolution = resolution_files(&context.config.root);
    let resolution: Vec<_> = resolution.iter().map(|file| digest(file)).collect();
    let tool = format!("plugin, rolldown {}, {TARGET}, {resolution:?}", bundler::VERSION);
    Digest::of_parts([tool.as_bytes(), file.to_string_lossy().as_bytes()])
}

impl BundledPlugin {
    /// The plugin for the cache; `None` when an input file no longer exists.
    fn of(code: &str, read: Vec<PathBuf>) -> Option<Self> {
        let digested = |file: PathBuf| digest(&file).map(|digest| (file, digest));
        Some(Self { code: code.to_owned(), read: read.into_iter().map(digested).collect::<Option<_>>()? })
    }

    /// The plugin in a cache entry, unless an input file has changed.
    fn unchanged(entry: &[u8]) -> Option<Self> {
        let bundle: Self = serde_json::from_slice(entry).ok()?;
        bundle.read.iter().all(|(file, expected)| digest(file).as_ref() == Some(expected)).then_some(bundle)
    }
}

/// The code, and the files that were read.
fn bundle(context: &Context<'_>, file: &Path) -> Result<(String, Vec<PathBuf>)> {
    let Bundled { outputs, read, .. } =
        bundler::run(context.config, options(context, file), Vec::new(), |_| None)?;
    let code = outputs.iter().find_map(|output| match output {
        Output::Chunk(chunk) if chunk.is_entry => Some(chunk.code.clone()),
        _ => None,
    });
    let code = code.ok_or_else(|| failed(format!("no exports in {}", context.config.name_of(file))))?;
    Ok((code, read))
}

fn options(context: &Context<'_>, file: &Path) -> BundlerOptions {
    BundlerOptions {
        input: Some(vec![InputItem {
            name: Some("plugin".to_owned()),
            import: file.to_string_lossy().into_owned(),
        }]),
        cwd: Some(context.config.root.clone()),
        platform: Some(Platform::Node),
        format: Some(OutputFormat::Cjs),
        exports: Some(OutputExports::Named),
        code_splitting: Some(CodeSplittingMode::Bool(false)),
        transform: Some(BundlerTransformOptions {
            target: Some(Either::Left(TARGET.to_owned())),
            ..Default::default()
        }),
        log_level: Some(LogLevel::Warn),
        ..Default::default()
    }
}
