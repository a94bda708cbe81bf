//! Scripts: TypeScript and JavaScript, bundled by rolldown in this process.

mod asset;
mod chunk;
mod mistake;

use std::sync::Arc;

use kiln_manifest::Mode;
use rolldown::{
    Bundler, BundlerOptions, BundlerTransformOptions, Either, InputItem, OutputFormat, Platform,
    RawMinifyOptions, TsConfig,
};
use rolldown_common::{LogLevel, Output, OutputChunk};
use rolldown_error::{BatchedBuildDiagnostic, EventKind};

use self::{
    asset::Assets,
    chunk::Names,
    mistake::{diagnose, rendered},
};
use super::{Compiled, Stage};
use crate::{Error, Result, discover::Source, resolve::output_of};

/// The syntax that bundles may use; every browser since 2020 reads it.
const TARGET: &str = "es2020";

/// Bundles `entries` together, so that they share their common modules.
pub(super) fn compile(stage: &Stage<'_>, entries: &[&Source]) -> Result<Vec<Compiled>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let chunks = bundle(stage, entries)?;
    let names = Names::new(stage, &chunks);
    Ok(chunks.iter().map(|chunk| names.compiled(stage, chunk)).collect())
}

fn bundle(stage: &Stage<'_>, entries: &[&Source]) -> Result<Vec<Arc<OutputChunk>>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().build().map_err(|cause| Error::Tool {
        tool: "rolldown",
        problem: cause.to_string(),
        mend: None,
    })?;
    let failed = |problems: BatchedBuildDiagnostic| diagnose(stage, &problems.into_vec());
    let mut bundler =
        Bundler::with_plugins(options(stage, entries), vec![Arc::new(Assets::new(stage))]).map_err(failed)?;
    let (output, watched) = runtime.block_on(async {
        let output = bundler.generate().await.map_err(failed)?;
        let watched: Vec<String> = bundler.watch_files().iter().map(|file| file.to_string()).collect();
        bundler.close().await.map_err(failed)?;
        Ok::<_, Error>((output, watched))
    })?;
    let (unresolved, warnings): (Vec<_>, Vec<_>) = output
        .warnings
        .into_iter()
        .partition(|warning| matches!(warning.kind(), EventKind::UnresolvedImport));
    if !unresolved.is_empty() {
        return Err(diagnose(stage, &unresolved));
    }
    stage.warn(warnings.iter().map(|warning| rendered(stage, warning)));
    stage.watch(watched.into_iter().filter(|file| !file.contains("node_modules")).map(Into::into));
    Ok(chunks_of(output.assets))
}

fn chunks_of(outputs: Vec<Output>) -> Vec<Arc<OutputChunk>> {
    let mut chunks: Vec<_> = outputs
        .into_iter()
        .filter_map(|output| match output {
            Output::Chunk(chunk) => Some(chunk),
            Output::Asset(_) => None,
        })
        .collect();
    chunks.sort_by(|a, b| a.filename.cmp(&b.filename));
    chunks
}

fn options(stage: &Stage<'_>, entries: &[&Source]) -> BundlerOptions {
    let file_name = chunk::file_name();
    let mode = stage.config.mode;
    BundlerOptions {
        input: Some(entries.iter().map(|entry| input(entry)).collect()),
        cwd: Some(stage.config.root.clone()),
        platform: Some(Platform::Browser),
        format: Some(OutputFormat::Esm),
        entry_filenames: Some(file_name.clone().into()),
        chunk_filenames: Some(file_name.into()),
        minify: Some(RawMinifyOptions::Bool(mode == Mode::Release)),
        define: Some(definitions(mode).into_iter().collect()),
        transform: Some(BundlerTransformOptions {
            target: Some(Either::Left(TARGET.to_owned())),
            ..Default::default()
        }),
        tsconfig: Some(TsConfig::Auto(true)),
        log_level: Some(LogLevel::Warn),
        ..Default::default()
    }
}

fn input(entry: &Source) -> InputItem {
    let name = output_of(entry).as_str().trim_end_matches(".js").replace('/', "-");
    InputItem { name: Some(name), import: entry.file.to_string_lossy().into_owned() }
}

/// What scripts may ask of their build: Vite's `import.meta.env`, and the name that npm packages test.
fn definitions(mode: Mode) -> [(String, String); 4] {
    let (name, is_dev) = match mode {
        Mode::Dev => ("development", true),
        Mode::Release => ("production", false),
    };
    [
        ("process.env.NODE_ENV".to_owned(), format!("{name:?}")),
        ("import.meta.env.MODE".to_owned(), format!("{name:?}")),
        ("import.meta.env.DEV".to_owned(), is_dev.to_string()),
        ("import.meta.env.PROD".to_owned(), (!is_dev).to_string()),
    ]
}
