//! `@plugin` and `@config`: `ECMAScript`, `CommonJS` or TypeScript, made into one script that needs no files.

use std::path::Path;

use rolldown::{
    Bundler, BundlerOptions, BundlerTransformOptions, Either, InputItem, OutputExports, OutputFormat,
    Platform,
};
use rolldown_common::{CodeSplittingMode, LogLevel, Output};
use rolldown_error::{BatchedBuildDiagnostic, EventKind};

use super::failed;
use crate::{
    Result,
    compile::{Stage, script},
};

/// The syntax that `QuickJS` reads.
const TARGET: &str = "es2023";

/// The body of a `CommonJS` module that exports what `file` does. Node's own modules stay `require`d.
pub(super) fn bundled(stage: &Stage<'_>, file: &Path) -> Result<String> {
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
    stage.watch(read.into_iter().filter(|file| !file.contains("node_modules")).map(Into::into));
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
    code.ok_or_else(|| failed(format!("{} exports nothing", stage.config.name_of(file))))
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
