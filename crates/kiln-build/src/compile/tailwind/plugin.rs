//! `@plugin` and `@config`: `ECMAScript`, `CommonJS` or TypeScript, made into one script that needs no files.

use std::{
    fs,
    path::{Path, PathBuf},
};

use kiln_manifest::Digest;
use rolldown::{
    Bundler, BundlerOptions, BundlerTransformOptions, Either, InputItem, OutputExports, OutputFormat,
    Platform,
};
use rolldown_common::{CodeSplittingMode, LogLevel, Output};
use rolldown_error::{BatchedBuildDiagnostic, EventKind};

use serde::{Deserialize, Serialize};

use super::failed;
use crate::{
    Result,
    compile::{Stage, script},
    discover::digest,
};

/// The syntax that `QuickJS` reads.
const TARGET: &str = "es2023";

/// A module with all that it imports, and what it was made from.
#[derive(Deserialize, Serialize)]
struct Bundle {
    code: String,
    /// The files that were read, with their digests.
    read: Vec<(PathBuf, Digest)>,
}

/// The body of a `CommonJS` module that exports what `file` does. Node's own modules stay `require`d.
///
/// What npm has installed is bundled once, and kept until it is installed anew or edited.
pub(super) fn bundled(stage: &Stage<'_>, file: &Path) -> Result<String> {
    let key = key(stage, file);
    if let Some(kept) = stage.cache.get(&key).and_then(|kept| Bundle::unchanged(&kept.bytes)) {
        return Ok(kept.code);
    }
    let (code, read) = script::outside_of_tokio(|| bundle(stage, file))?;
    let (installed, own): (Vec<_>, Vec<_>) = read.into_iter().partition(|file| is_installed(file));
    let is_installed_alone = own.is_empty();
    stage.watch(own);
    if is_installed_alone && let Some(bundle) = Bundle::of(&code, installed) {
        let entry = serde_json::to_vec(&bundle).map_err(|error| failed(error.to_string()))?;
        stage.cache.keep(&key, entry)?;
    }
    Ok(code)
}

/// What decides where an import leads, beside the files themselves, is what npm says that it has installed.
fn key(stage: &Stage<'_>, file: &Path) -> Digest {
    let installed = fs::read(stage.config.root.join("node_modules/.package-lock.json")).unwrap_or_default();
    let tool = format!("plugin, rolldown {}, {TARGET}", script::VERSION);
    Digest::of_parts([tool.as_bytes(), file.to_string_lossy().as_bytes(), &installed])
}

fn is_installed(file: &Path) -> bool {
    file.iter().any(|folder| folder == "node_modules")
}

impl Bundle {
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
fn bundle(stage: &Stage<'_>, file: &Path) -> Result<(String, Vec<PathBuf>)> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .map_err(|cause| failed(format!("cannot read {}: {cause}", file.display())))?;
    let problems = |problems: BatchedBuildDiagnostic| script::diagnose_apart(stage, &problems.into_vec());
    let mut bundler = Bundler::new(options(stage, file)).map_err(problems)?;
    let (output, read) = runtime.block_on(async {
        let output = bundler.generate().await.map_err(problems)?;
        let read: Vec<String> = bundler.watch_files().iter().map(|file| file.to_string()).collect();
        bundler.close().await.map_err(problems)?;
        Ok::<_, crate::Error>((output, read))
    })?;
    let unresolved: Vec<_> = output
        .warnings
        .into_iter()
        .filter(|warning| matches!(warning.kind(), EventKind::UnresolvedImport))
        .collect();
    if !unresolved.is_empty() {
        return Err(script::diagnose_apart(stage, &unresolved));
    }
    let code = output.assets.iter().find_map(|output| match output {
        Output::Chunk(chunk) if chunk.is_entry => Some(chunk.code.clone()),
        _ => None,
    });
    let code = code.ok_or_else(|| failed(format!("{} exports nothing", stage.config.name_of(file))))?;
    Ok((code, read.into_iter().map(PathBuf::from).collect()))
}

fn options(stage: &Stage<'_>, file: &Path) -> BundlerOptions {
    BundlerOptions {
        input: Some(vec![InputItem {
            name: Some("plugin".to_owned()),
            import: file.to_string_lossy().into_owned(),
        }]),
        cwd: Some(stage.config.root.clone()),
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
