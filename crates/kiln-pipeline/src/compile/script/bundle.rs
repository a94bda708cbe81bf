//! The bundle of all scripts, in which entries share common modules.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
    sync::{Arc, PoisonError},
    thread,
};

use kiln_manifest::{Exposure, Mode};
use rolldown::{
    BundlerOptions, BundlerTransformOptions, Either, InputItem, OutputFormat, Platform, RawMinifyOptions,
    SourceMapPathTransform, SourceMapType, TsConfig,
};
use rolldown_common::{LogLevel, Output, OutputChunk, ResolveOptions};
use rolldown_error::{BuildDiagnostic, EventKind};

use super::{
    environment::definitions,
    import_error::ImportError,
    minify::minified,
    module_digests::ModuleDigests,
    plugin::{ImportErrors, Kiln},
    service::{AssetService, Dependencies, entry_name},
    service_worker::BundleKind,
    tsconfig,
};
use crate::{
    Config, Error, Result,
    compile::{
        bundler::{self, BROWSERS, Bundled, Explanation},
        context::Context,
        style::Styles,
    },
    config::SourceMaps,
    packages::{is_installed, package_json},
    parallel::{self, joined},
    source::Source,
};

/// The beginning of a chunk's placeholder, which the link stage replaces by the URL.
pub(super) const CHUNK_OPEN: &str = "__kiln_chunk_";
/// The end of a chunk's placeholder.
pub(super) const CHUNK_CLOSE: &str = "__";

/// Extensions that an import may omit, in the order of Vite.
const EXTENSIONS: [&str; 7] = [".mjs", ".js", ".mts", ".ts", ".jsx", ".tsx", ".json"];

/// The chunks of a bundle, and its dependencies.
#[derive(Clone, Debug)]
pub(super) struct Bundle {
    pub(super) chunks: Vec<Arc<OutputChunk>>,
    /// Files that were read: modules, the `package.json` of their packages, and configurations of TypeScript.
    pub(super) read: BTreeSet<PathBuf>,
    pub(super) warnings: Vec<String>,
    pub(super) dependencies: Dependencies,
}

impl Bundle {
    /// Bundles `entries`. rolldown runs on this thread, and the service on another one: the allocator serves the first
    /// thread of a process in larger steps, and rolldown allocates most.
    ///
    /// # Errors
    /// Every mistake in the scripts and in the files that they import.
    pub(super) fn new(
        styles: &Styles<'_>,
        entries: &[&Source],
        kind: BundleKind,
        digests: Option<ModuleDigests>,
    ) -> Result<Self> {
        let context = styles.context;
        let (mut service, handle, guard) = AssetService::new(styles, entries);
        let private = context.sources.iter().filter(|source| source.exposure == Exposure::Private);
        let private = private.map(|source| source.file.clone()).collect();
        let root = context.config.assets();
        let plugin = Kiln { handle, kind, root, private, import_errors: ImportErrors::default(), digests };
        let (service, bundled) = thread::scope(|scope| {
            let serving = scope.spawn(move || {
                service.serve();
                service
            });
            let bundled = bundled(context, entries, plugin);
            drop(guard);
            (joined(serving), bundled)
        });
        let AssetService { dependencies, errors, warnings, node_builtins, .. } = service;
        let bundled = match bundled {
            Ok(bundled) => Error::all(errors).map(|()| bundled)?,
            Err(error) => return Err(Error::several(errors.into_iter().chain([error]).collect())),
        };
        let mut read: BTreeSet<_> = bundled.read.into_iter().collect();
        let (installed, own): (Vec<_>, Vec<_>) =
            read.iter().map(PathBuf::as_path).partition(|file| is_installed(file));
        let around = installed.into_iter().filter_map(package_json).chain(tsconfig::files(own.into_iter()));
        read.extend(around.collect::<BTreeSet<_>>());
        let of_rolldown = warnings_of(context.config, &bundled.warnings);
        Ok(Self {
            read,
            warnings: warnings.into_iter().chain(node_builtins.warnings()).chain(of_rolldown).collect(),
            chunks: finished(context, chunks_of(bundled.outputs))?,
            dependencies,
        })
    }
}

fn bundled(context: &Context<'_>, entries: &[&Source], plugin: Kiln) -> Result<Bundled> {
    let config = context.config;
    let import_errors = Arc::clone(&plugin.import_errors);
    let explain = |failed: &str| {
        let import_errors = import_errors.lock().unwrap_or_else(PoisonError::into_inner);
        explain(config, &import_errors, failed)
    };
    let options = plugin.kind.options(options(config, entries));
    bundler::run(config, options, vec![Arc::new(plugin)], explain)
}

/// The cause for which the plugin could not load the module that `failed` names: rolldown knows the place of the import,
/// but not the cause.
fn explain(
    config: &Config,
    import_errors: &BTreeMap<String, ImportError>,
    failed: &str,
) -> Option<Explanation> {
    let (_, error) = import_errors.iter().find(|(id, _)| failed.ends_with(&config.name_of(Path::new(id))))?;
    Some(Explanation { label: error.to_string(), help: error.help() })
}

/// Warnings of rolldown, but for exports without a name: nothing imports a service worker.
fn warnings_of(config: &Config, warnings: &[BuildDiagnostic]) -> Vec<String> {
    let relevant =
        warnings.iter().filter(|one| !matches!(one.kind(), EventKind::MissingNameOptionForIifeExport));
    relevant.map(|warning| bundler::render(config, warning)).collect()
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

fn finished(context: &Context<'_>, chunks: Vec<Arc<OutputChunk>>) -> Result<Vec<Arc<OutputChunk>>> {
    match context.config.mode {
        Mode::Dev => Ok(chunks),
        Mode::Release => parallel::map(chunks, |chunk| minified(context, chunk)).into_iter().collect(),
    }
}

fn options(config: &Config, entries: &[&Source]) -> BundlerOptions {
    let file_name = format!("{CHUNK_OPEN}[name]{CHUNK_CLOSE}.js");
    BundlerOptions {
        input: Some(entries.iter().map(|entry| input(entry)).collect()),
        cwd: Some(config.root.clone()),
        platform: Some(Platform::Browser),
        resolve: Some(ResolveOptions {
            condition_names: Some(vec![config.mode_name().to_owned()]),
            extensions: Some(EXTENSIONS.map(str::to_owned).to_vec()),
            ..Default::default()
        }),
        format: Some(OutputFormat::Esm),
        entry_filenames: Some(file_name.clone().into()),
        chunk_filenames: Some(file_name.into()),
        sourcemap: (config.source_maps() != SourceMaps::None).then_some(SourceMapType::Hidden),
        sourcemap_path_transform: Some(source_names(config)),
        minify: Some(RawMinifyOptions::Bool(false)),
        // Development shows names as they are written, also of classes that bundling renames.
        strict_execution_order: Some(true),
        experimental: Some(rolldown_common::ExperimentalOptions {
            on_demand_wrapping: Some(true),
            ..Default::default()
        }),
        keep_names: Some(config.mode == Mode::Dev || config.options.keep_names),
        define: Some(definitions(config).into_iter().collect()),
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

/// Names of sources in source maps: paths below the package, equal in any folder.
fn source_names(config: &Config) -> SourceMapPathTransform {
    let root = config.root.clone();
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
