//! Scripts: TypeScript and JavaScript, bundled by rolldown in this process.

use std::{borrow::Cow, collections::BTreeMap, path::Path, sync::Arc};

use kiln_manifest::{Exposure, LogicalPath, Mode};
use rolldown::{
    Bundler, BundlerOptions, BundlerTransformOptions, Either, InputItem, OutputFormat, Platform,
    RawMinifyOptions, TsConfig,
    plugin::{HookLoadArgs, HookLoadOutput, HookLoadReturn, HookUsage, Plugin, SharedLoadPluginContext},
};
use rolldown_common::{LogLevel, ModuleType, Output, OutputChunk};
use rolldown_error::{BatchedBuildDiagnostic, BuildDiagnostic, DiagnosticOptions, EventKind};

use super::{Compiled, Stage};
use crate::{
    Error, Result,
    discover::{Language, Source},
    error::Text,
    reference::{Origin, Reference},
    resolve::output_of,
};

/// The syntax that bundles may use; every browser since 2020 reads it.
const TARGET: &str = "es2020";

/// Chunks are named so while they refer to each other; the link stage gives them their names.
const CHUNK_OPEN: &str = "__kiln_chunk_";
const CHUNK_CLOSE: &str = "__";

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
    let file_name = format!("{CHUNK_OPEN}[name]{CHUNK_CLOSE}.js");
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
    let name = entry.path.with_extension("js").as_str().trim_end_matches(".js").replace('/', "-");
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

/// The outputs' names, by the file name that rolldown gave to each chunk.
struct Names(BTreeMap<String, LogicalPath>);

impl Names {
    fn new(stage: &Stage<'_>, chunks: &[Arc<OutputChunk>]) -> Self {
        let by_file: BTreeMap<_, _> =
            stage.sources.iter().map(|source| (source.file.to_string_lossy(), source)).collect();
        let name = |chunk: &OutputChunk| {
            let source = chunk
                .facade_module_id
                .as_ref()
                .filter(|_| chunk.is_entry)
                .and_then(|id| by_file.get(&Cow::Borrowed(id.as_ref())));
            match source {
                Some(source) => output_of(source),
                None => shared_chunk(&chunk.filename),
            }
        };
        Self(chunks.iter().map(|chunk| (chunk.filename.to_string(), name(chunk))).collect())
    }

    fn compiled(&self, stage: &Stage<'_>, chunk: &OutputChunk) -> Compiled {
        Compiled {
            path: self.0[chunk.filename.as_str()].clone(),
            exposure: Exposure::Hashed,
            media_type: "text/javascript; charset=utf-8".to_owned(),
            content: self.with_tokens(stage, &chunk.code).into_bytes(),
            imports: chunk.imports.iter().filter_map(|import| self.0.get(import.as_str()).cloned()).collect(),
            inline: Vec::new(),
        }
    }

    /// Puts a reference wherever a chunk is named, with the `./` before it: chunks are imported by
    /// absolute URLs.
    fn with_tokens(&self, stage: &Stage<'_>, code: &str) -> String {
        let mut output = String::with_capacity(code.len());
        let mut rest = code;
        while let Some(start) = rest.find(CHUNK_OPEN) {
            let (before, at) = rest.split_at(start);
            let named = self
                .0
                .iter()
                .filter(|(name, _)| at.starts_with(name.as_str()))
                .max_by_key(|(name, _)| name.len());
            if let Some((name, path)) = named {
                output.push_str(before.strip_suffix("./").unwrap_or(before));
                output.push_str(&stage.references.record(Reference::url(path.clone()), Origin::Derived));
                rest = &at[name.len()..];
            } else {
                output.push_str(before);
                output.push_str(CHUNK_OPEN);
                rest = &at[CHUNK_OPEN.len()..];
            }
        }
        output + rest
    }
}

fn shared_chunk(file_name: &str) -> LogicalPath {
    let name = file_name.trim_start_matches(CHUNK_OPEN).trim_end_matches(".js").replace(CHUNK_CLOSE, "");
    let letters = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = name.chars().map(letters).collect();
    LogicalPath::new(format!("chunks/{name}.js")).expect("letters and digits make a logical path")
}

/// Imports of files that are no scripts: the module exports their URL.
#[derive(Debug)]
struct Assets {
    /// The token of each file that has a URL, by path on disk.
    tokens: BTreeMap<String, String>,
}

const PLUGIN: &str = "kiln:assets";

impl Assets {
    fn new(stage: &Stage<'_>) -> Self {
        let opaque = stage
            .sources
            .iter()
            .filter(|source| source.language == Language::Opaque && source.exposure != Exposure::Private);
        let token =
            |source: &Source| stage.references.record(Reference::url(source.path.clone()), Origin::Derived);
        Self {
            tokens: opaque
                .map(|source| (source.file.to_string_lossy().into_owned(), token(source)))
                .collect(),
        }
    }
}

impl Plugin for Assets {
    fn name(&self) -> Cow<'static, str> {
        PLUGIN.into()
    }

    fn register_hook_usage(&self) -> HookUsage {
        HookUsage::Load
    }

    async fn load(&self, _: SharedLoadPluginContext, args: &HookLoadArgs<'_>) -> HookLoadReturn {
        if is_bundled(args.id) {
            return Ok(None);
        }
        let Some(token) = self.tokens.get(args.id) else {
            return Err(NotImportable.into());
        };
        Ok(Some(HookLoadOutput {
            code: format!("export default {token:?};").into(),
            module_type: Some(ModuleType::Js),
            ..Default::default()
        }))
    }
}

/// Told at the import that it concerns, by [`located`].
#[derive(Debug, thiserror::Error)]
#[error("not importable")]
struct NotImportable;

/// What rolldown reads itself: scripts, JSON, text, and its own virtual modules.
fn is_bundled(id: &str) -> bool {
    let extension = Path::new(id).extension().and_then(|extension| extension.to_str());
    id.starts_with('\0')
        || id.starts_with("rolldown:")
        || extension.is_none_or(|extension| {
            ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts", "json", "txt"].contains(&extension)
        })
}

fn diagnose(stage: &Stage<'_>, problems: &[BuildDiagnostic]) -> Error {
    Error::several(problems.iter().map(|problem| located(stage, problem)).collect())
}

fn located(stage: &Stage<'_>, problem: &BuildDiagnostic) -> Error {
    let options = DiagnosticOptions { cwd: stage.config.root.clone() };
    let diagnostic = problem.to_diagnostic_with(&options);
    let message = problem.to_message_with(&options);
    let place = diagnostic.get_primary_location().and_then(|(file, line, column, _)| {
        let content = std::fs::read_to_string(stage.config.root.join(&file)).ok()?;
        Some((Text::new(file, content), line - 1, column))
    });
    let Some((text, line, column)) = place else {
        return Error::Tool { tool: "rolldown", problem: diagnostic.convert_to_string(false), mend: None };
    };
    let span = text.word_at(text.offset(line, column));
    match (problem.kind(), message.split_once(&format!(" - plugin `{PLUGIN}`"))) {
        (EventKind::UnresolvedImport, _) => text
            .error(span, message)
            .with_label("nothing here answers to this name")
            .with_help("mend the path, or add the package to package.json: `npm install NAME`")
            .into(),
        (_, Some((refused, _))) => text
            .error(span, refused)
            .with_label("neither a script nor a file with a URL")
            .with_help("link a style sheet from a page; keep other files below assets/, and not private")
            .into(),
        _ => text.error(span, message).into(),
    }
}

fn rendered(stage: &Stage<'_>, warning: &BuildDiagnostic) -> String {
    let options = DiagnosticOptions { cwd: stage.config.root.clone() };
    warning.to_diagnostic_with(&options).convert_to_string(false)
}
