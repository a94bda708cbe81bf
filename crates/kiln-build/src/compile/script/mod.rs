//! Scripts: TypeScript and JavaScript, bundled by rolldown in this process.

mod chunk;
mod desk;
mod import;
mod kept;
mod lazy;
mod minified;
mod mistake;
mod named;
mod plugin;
mod sheet;
mod tsconfig;
mod variables;

use std::{
    collections::BTreeSet,
    io,
    num::NonZero,
    path::{Component, Path, PathBuf},
    sync::{Arc, PoisonError},
    thread,
};

use kiln_manifest::{Exposure, Mode};
use rolldown::{
    Bundler, BundlerOptions, BundlerTransformOptions, Either, InputItem, OutputFormat, Platform,
    RawMinifyOptions, SourceMapPathTransform, SourceMapType, TsConfig,
};
use rolldown_common::{LogLevel, Output, OutputChunk};
use rolldown_error::{BatchedBuildDiagnostic, BuildDiagnostic, EventKind};
use tokio::runtime::{Builder, Handle, Runtime};

use self::{
    chunk::Names,
    desk::{Desk, Told},
    minified::minified,
    mistake::{diagnose, rendered},
    plugin::{Kiln, Refusals},
    sheet::Sheets,
    variables::definitions,
};
use super::{Graph, Scripts, Stage};
use crate::{
    Error, Result,
    config::SourceMaps,
    discover::Source,
    parallel::{self, joined},
    resolve::output_of,
};

/// The version of rolldown, and of all that belongs to it.
pub(super) const VERSION: &str = "1.2.5";

/// The browsers that read every bundle: those for which styles are written as well, since 2023.
const BROWSERS: [&str; 5] = ["chrome111", "edge111", "firefox128", "ios16.4", "safari16.4"];

/// What became of the scripts, and what was learnt on the way.
#[derive(Clone, Debug)]
struct Bundle {
    chunks: Vec<Arc<OutputChunk>>,
    /// Files outside of `node_modules` that were read.
    watched: BTreeSet<PathBuf>,
    warnings: Vec<String>,
    told: Told,
}

impl Bundle {
    /// As part of this build, unless what a script imports of a style sheet is something else now.
    fn again(self, stage: &Stage<'_>) -> Option<Self> {
        Some(Self { told: self.told.again(stage)?, ..self })
    }
}

/// Bundles `entries` together, so that they share their common modules.
pub(super) fn compile<'a>(stage: &'a Stage<'a>, entries: &[&Source]) -> Result<Scripts<'a>> {
    if entries.is_empty() {
        return Ok(Scripts::default());
    }
    let inputs = kept::Inputs::before(stage, entries);
    let again = inputs.as_ref().and_then(kept::Inputs::bundle).and_then(|kept| kept.again(stage));
    let Bundle { chunks, watched, warnings, told } = match again {
        Some(bundle) => bundle,
        None => bundle(stage, entries, inputs)?,
    };
    stage.watch(watched);
    stage.warn(warnings);
    stage.read_variables(told.reads.of_environment(stage.config));
    let names = Names::new(stage, &chunks);
    let sheets = Sheets::of(stage, &chunks, &names, &told.sheets)?;
    let graph = Graph {
        imports: chunks.iter().map(|chunk| (names.of(chunk).clone(), names.imports(chunk))).collect(),
        styles: sheets.by_script,
    };
    let scripts: Vec<_> =
        chunks.iter().map(|chunk| names.compiled(stage, chunk, &graph)).collect::<Result<_>>()?;
    Ok(Scripts {
        outputs: scripts.into_iter().chain(sheets.outputs).collect(),
        linked: told.linked.iter().filter_map(|path| stage.tree.get(path)).collect(),
        graph,
    })
}

/// Has rolldown bundle on this thread, and answers it on another: memory for the first thread of a process comes in
/// larger steps, and it is rolldown that takes much.
fn bundle(stage: &Stage<'_>, entries: &[&Source], inputs: Option<kept::Inputs>) -> Result<Bundle> {
    let (mut desk, window, closing) = Desk::open(stage, entries);
    let private = stage.sources.iter().filter(|source| source.exposure == Exposure::Private);
    let read = inputs.is_some().then(Arc::default);
    let plugin = Kiln {
        window,
        private: private.map(|source| source.file.clone()).collect(),
        refusals: Refusals::default(),
        read: read.clone(),
    };
    let (desk, bundled) = thread::scope(|scope| {
        let answering = scope.spawn(move || {
            desk.serve();
            desk
        });
        let bundled = outside_of_tokio(|| rolled(stage, entries, plugin));
        drop(closing);
        (joined(answering), bundled)
    });
    let Desk { told, errors, warnings, .. } = desk;
    let rolled = match bundled {
        Ok(rolled) => Error::all(errors).map(|()| rolled)?,
        Err(error) => return Err(Error::several(errors.into_iter().chain([error]).collect())),
    };
    let warnings = warnings.into_iter().chain(rolled.warnings).collect();
    let bundle = Bundle { chunks: rolled.chunks, watched: rolled.watched, warnings, told };
    if let Some((inputs, read)) = inputs.zip(read) {
        inputs.keep(&read, &bundle);
    }
    Ok(bundle)
}

/// What rolldown has made.
struct Rolled {
    chunks: Vec<Arc<OutputChunk>>,
    watched: BTreeSet<PathBuf>,
    warnings: Vec<String>,
}

/// What rolldown found wrong in a bundle that is no part of the output.
#[cfg(feature = "tailwind")]
pub(super) fn diagnose_apart(stage: &Stage<'_>, problems: &[rolldown_error::BuildDiagnostic]) -> Error {
    diagnose(stage, problems, &std::collections::BTreeMap::new())
}

/// Leaves one core to the style sheets, which are compiled meanwhile. Where that leaves but one, tasks need not wake
/// another thread.
fn runtime() -> io::Result<Runtime> {
    match thread::available_parallelism().map_or(1, NonZero::get) {
        ..=2 => Builder::new_current_thread().build(),
        cores => Builder::new_multi_thread().worker_threads(cores - 1).build(),
    }
}

/// Does `work`, which waits for a runtime of its own, on this thread; no thread of a runtime may wait for another one.
pub(super) fn outside_of_tokio<Made: Send>(work: impl FnOnce() -> Made + Send) -> Made {
    match Handle::try_current() {
        Ok(_) => thread::scope(|scope| joined(scope.spawn(work))),
        Err(_) => work(),
    }
}

fn rolled(stage: &Stage<'_>, entries: &[&Source], plugin: Kiln) -> Result<Rolled> {
    let runtime = runtime().map_err(|cause| Error::Tool {
        tool: "rolldown",
        problem: cause.to_string(),
        mend: None,
    })?;
    let refusals = Arc::clone(&plugin.refusals);
    let told = |problems: &[BuildDiagnostic]| {
        diagnose(stage, problems, &refusals.lock().unwrap_or_else(PoisonError::into_inner))
    };
    let failed = |problems: BatchedBuildDiagnostic| told(&problems.into_vec());
    let mut bundler =
        Bundler::with_plugins(options(stage, entries), vec![Arc::new(plugin)]).map_err(failed)?;
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
        return Err(told(&unresolved));
    }
    let files = watched.iter().map(|id| Path::new(id.split_once('?').map_or(id.as_str(), |(file, _)| file)));
    let own: Vec<&Path> = files.filter(|file| !file.iter().any(|folder| folder == "node_modules")).collect();
    let mut watched = tsconfig::files(own.iter().copied());
    watched.extend(own.into_iter().map(Path::to_owned));
    let chunks = chunks_of(output.assets);
    Ok(Rolled {
        chunks: match stage.config.mode {
            Mode::Dev => chunks,
            Mode::Release => {
                parallel::map(chunks, |chunk| minified(stage, chunk)).into_iter().collect::<Result<_>>()?
            }
        },
        watched,
        warnings: warnings.iter().map(|warning| rendered(stage, warning)).collect(),
    })
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
    BundlerOptions {
        input: Some(entries.iter().map(|entry| input(entry)).collect()),
        cwd: Some(stage.config.root.clone()),
        platform: Some(Platform::Browser),
        format: Some(OutputFormat::Esm),
        entry_filenames: Some(file_name.clone().into()),
        chunk_filenames: Some(file_name.into()),
        sourcemap: (stage.config.source_maps() != SourceMaps::None).then_some(SourceMapType::Hidden),
        sourcemap_path_transform: Some(source_names(stage)),
        minify: Some(RawMinifyOptions::Bool(false)),
        define: Some(definitions(stage.config).into_iter().collect()),
        transform: Some(BundlerTransformOptions {
            target: Some(Either::Right(BROWSERS.map(str::to_owned).to_vec())),
            ..Default::default()
        }),
        tsconfig: Some(TsConfig::Auto(true)),
        log_level: Some(LogLevel::Warn),
        ..Default::default()
    }
}

fn input(entry: &Source) -> InputItem {
    InputItem { name: Some(entry_name(entry)), import: entry.file.to_string_lossy().into_owned() }
}

/// What rolldown calls an entry.
fn entry_name(entry: &Source) -> String {
    output_of(entry).as_str().trim_end_matches(".js").replace('/', "-")
}

/// Sources are named in source maps by their path below the package, whatever folder it lies in.
fn source_names(stage: &Stage<'_>) -> SourceMapPathTransform {
    let root = stage.config.root.clone();
    SourceMapPathTransform::new(Arc::new(move |source, map| {
        let folder = Path::new(map).parent().unwrap_or(Path::new(""));
        let mut path = PathBuf::new();
        for part in folder.join(source).components() {
            if part == Component::ParentDir {
                path.pop();
            } else {
                path.push(part);
            }
        }
        let name = path.strip_prefix(&root).unwrap_or(&path).to_string_lossy();
        // Packages may be linked from another place.
        let name = name.find("node_modules/").map_or(name.as_ref(), |start| &name[start..]);
        let name = name.trim_start_matches(['/', '\0']).to_owned();
        Box::pin(async move { Ok(name) })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_build_script_may_be_asynchronous() {
        let folder = tempfile::tempdir().expect("folder");
        let root = folder.path().canonicalize().expect("root");
        std::fs::create_dir(root.join("assets")).expect("folder");
        for (name, content) in [
            ("Cargo.toml", "[package]\nname = \"awaited\"\n"),
            ("assets/index.html", "<script type=module src=app.ts></script>"),
            ("assets/app.ts", "console.log(1);"),
        ] {
            std::fs::write(root.join(name), content).expect("write");
        }
        let config =
            crate::Config::new(root.clone(), root.join("out"), Mode::Release).expect("configuration");
        let built = runtime().expect("a runtime").block_on(async { crate::build(&config) });
        assert!(built.is_ok(), "{:?}", built.err());
    }
}
