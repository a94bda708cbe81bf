//! `@plugin` and `@config`: `ECMAScript`, `CommonJS` or TypeScript, made into one script that needs no files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kiln_manifest::Digest;
use rolldown::{
    BundlerOptions, BundlerTransformOptions, Either, InputItem, OutputExports, OutputFormat, Platform,
};
use rolldown_common::{CodeSplittingMode, LogLevel, Output};
use rolldown_error::BuildDiagnostic;
use serde::{Deserialize, Serialize};

use super::error::failed;
use crate::{
    Result,
    compile::{
        bundler::{self, Bundled},
        context::Context,
    },
    file_digest::digest,
};

/// The syntax that `QuickJS` reads.
const TARGET: &str = "es2023";

/// A plugin with all that it imports, and the files that it was made from.
#[derive(Deserialize, Serialize)]
struct BundledPlugin {
    code: String,
    /// The files that were read, with their digests.
    read: Vec<(PathBuf, Digest)>,
}

/// The body of a `CommonJS` module that exports what `file` does. Node's own modules stay `require`d.
///
/// What npm has installed is bundled once, and kept until it is installed anew or edited.
pub(super) fn bundled(context: &Context<'_>, file: &Path) -> Result<String> {
    let key = key(context, file);
    if let Some(kept) = context.cache.get(&key).and_then(|kept| BundledPlugin::unchanged(&kept.bytes)) {
        return Ok(kept.code);
    }
    let (code, read) = bundle(context, file)?;
    let (installed, own): (Vec<_>, Vec<_>) = read.into_iter().partition(|file| is_installed(file));
    let is_installed_alone = own.is_empty();
    context.track(own);
    if is_installed_alone && let Some(bundle) = BundledPlugin::of(&code, installed) {
        let entry = serde_json::to_vec(&bundle).map_err(|error| failed(error.to_string()))?;
        context.cache.keep(&key, entry)?;
    }
    Ok(code)
}

/// The key of a bundle. Beside the files themselves, npm's list of what it has installed decides where an import
/// leads.
fn key(context: &Context<'_>, file: &Path) -> Digest {
    let installed = fs::read(context.config.root.join("node_modules/.package-lock.json")).unwrap_or_default();
    let tool = format!("plugin, rolldown {}, {TARGET}", bundler::VERSION);
    Digest::of_parts([tool.as_bytes(), file.to_string_lossy().as_bytes(), &installed])
}

fn is_installed(file: &Path) -> bool {
    file.iter().any(|folder| folder == "node_modules")
}

impl BundledPlugin {
    /// None when a file is gone already.
    fn of(code: &str, read: Vec<PathBuf>) -> Option<Self> {
        let digested = |file: PathBuf| digest(&file).map(|digest| (file, digest));
        Some(Self { code: code.to_owned(), read: read.into_iter().map(digested).collect::<Option<_>>()? })
    }

    /// The bundle in an entry of the cache, unless a file that it was made from is another now.
    fn unchanged(entry: &[u8]) -> Option<Self> {
        let bundle: Self = serde_json::from_slice(entry).ok()?;
        bundle.read.iter().all(|(file, known)| digest(file).as_ref() == Some(known)).then_some(bundle)
    }
}

/// The code, and every file that was read.
fn bundle(context: &Context<'_>, file: &Path) -> Result<(String, Vec<PathBuf>)> {
    let diagnose = |problems: &[BuildDiagnostic]| bundler::diagnose(context.config, problems, |_| None);
    let Bundled { outputs, read, .. } = bundler::run(options(context, file), Vec::new(), diagnose)?;
    let code = outputs.iter().find_map(|output| match output {
        Output::Chunk(chunk) if chunk.is_entry => Some(chunk.code.clone()),
        _ => None,
    });
    let code = code.ok_or_else(|| failed(format!("{} exports nothing", context.config.name_of(file))))?;
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
