//! The compiler of scripts.

use std::{collections::BTreeMap, path::Path};

use kiln_manifest::LogicalPath;

use super::{
    bundle::Bundle,
    chunk::ChunkNames,
    chunk_styles::ChunkStyles,
    declarations::declarations,
    inserted_styles, lost_maps,
    path_strings::PathStrings,
    remote_calls,
    reuse::{LastBundle, LastBundles, bundle},
    service::Dependencies,
    service_worker::{self, BundleKind},
};
use crate::{
    Error, Result,
    compile::{
        bundler,
        context::Context,
        demand::{DemandKind, DemandScope},
        entry::Entries,
        graph::Graph,
        output::Compiled,
        package::package_name,
        style::Styles,
    },
    reference::output_of,
    source::Source,
    text::Text,
};

/// The outputs of all scripts.
#[derive(Debug, Default)]
pub(in crate::compile) struct BundledScripts {
    pub(in crate::compile) outputs: Vec<Compiled>,
    /// Style sheets that scripts refer to by URL.
    pub(in crate::compile) linked_styles: Vec<LogicalPath>,
    /// Scripts that others refer to by URL, and that are served unchanged.
    pub(in crate::compile) copied: Vec<Source>,
    pub(in crate::compile) graph: Graph,
    /// Declarations for TypeScript, when `tsconfig.json` asks for them.
    pub(in crate::compile) declarations: Option<String>,
}

/// Service workers, by the names of their sources.
type ServiceWorkers = BTreeMap<LogicalPath, Source>;

/// Bundles the scripts of `entries` together, and each service worker by itself. `last` holds the bundles of the previous
/// build, and is updated.
pub(in crate::compile) fn compile(
    styles: &Styles<'_>,
    mut last: Option<&mut LastBundles>,
    entries: &Entries<'_>,
) -> Result<BundledScripts> {
    let of_modules = last.as_deref_mut().map(|last| &mut last.modules);
    let (mut scripts, mut workers) = modules(styles, of_modules, &entries.scripts)?;
    workers.extend(entries.service_workers.iter().map(|&worker| (worker.path.clone(), worker.clone())));
    let compiled = Error::collect(workers.into_iter().map(|(name, worker)| {
        let last = last.as_deref_mut().map(|last| last.service_workers.entry(name).or_default());
        service_worker(styles, last, &worker)
    }))?;
    for (output, dependencies) in compiled {
        check_modules(&scripts.outputs, &output)?;
        scripts.outputs.push(output);
        scripts.linked_styles.extend(dependencies.linked_styles);
        scripts.copied.extend(dependencies.copied.into_values());
    }
    scripts.copied.retain(|source| scripts.outputs.iter().all(|output| output.path != output_of(source)));
    Ok(scripts)
}

fn modules(
    styles: &Styles<'_>,
    last: Option<&mut LastBundle>,
    entries: &[&Source],
) -> Result<(BundledScripts, ServiceWorkers)> {
    let context = styles.context;
    if entries.is_empty() {
        let declarations = declarations(context.config, &BTreeMap::new());
        return Ok((BundledScripts { declarations, ..BundledScripts::default() }, ServiceWorkers::new()));
    }
    let mut bundle = bundle(styles, last, entries, BundleKind::Modules)?;
    track(context, &mut bundle);
    let Bundle { chunks, read, dependencies, .. } = bundle;
    let names = ChunkNames::new(context, &chunks);
    let holding = |file: &Path| names.of_module(&chunks, file);
    remote_calls::demand(context, &read, holding);
    inserted_styles::demand(context, &read, holding);
    demand_code(context, &dependencies, holding);
    let sheets = ChunkStyles::new(styles, &chunks, &names, &dependencies.sheets)?;
    let graph = Graph {
        imports: chunks.iter().map(|chunk| (names.of(chunk).clone(), names.imports(chunk))).collect(),
        styles: sheets.by_script,
    };
    let scripts: Vec<_> =
        chunks.iter().map(|chunk| names.compiled(context, chunk, &graph)).collect::<Result<_>>()?;
    let bundled = BundledScripts {
        outputs: scripts.into_iter().chain(sheets.outputs).collect(),
        linked_styles: dependencies.linked_styles.into_iter().collect(),
        copied: dependencies.copied.into_values().collect(),
        graph,
        declarations: declarations(context.config, &dependencies.sheets),
    };
    Ok((bundled, dependencies.service_workers))
}

/// The output of a service worker, and its dependencies.
fn service_worker(
    styles: &Styles<'_>,
    last: Option<&mut LastBundle>,
    worker: &Source,
) -> Result<(Compiled, Dependencies)> {
    let context = styles.context;
    let kind = BundleKind::of_service_worker(context, worker);
    let mut bundle = bundle(styles, last, &[worker], kind)?;
    track(context, &mut bundle);
    let compiled = bundle.chunks.iter().map(|chunk| service_worker::compiled(context, worker, chunk));
    let output = compiled.last().ok_or_else(|| bundler::failed("no output for the service worker"))?;
    Ok((output, bundle.dependencies))
}

/// Records what a bundle has read, and its warnings.
fn track(context: &Context<'_>, bundle: &mut Bundle) {
    let Bundle { read, warnings, dependencies, .. } = bundle;
    context.warn(PathStrings::new(context).in_modules(read));
    context.warn(lost_maps::warnings(context, read));
    context.track(read.iter().cloned());
    context.track(dependencies.contents.iter().cloned());
    context.track(dependencies.globs.iter().flat_map(|(patterns, _)| patterns.folders.clone()));
    context.warn(std::mem::take(warnings));
    context.track_variables(std::mem::take(&mut dependencies.reads).of_environment(context.config));
}

/// Checks that a service worker is no module as well: the two outputs would have one name.
fn check_modules(outputs: &[Compiled], worker: &Compiled) -> Result<()> {
    if outputs.iter().all(|output| output.path != worker.path) {
        return Ok(());
    }
    Err(Error::Tree {
        path: format!("assets/{}", worker.path).into(),
        problem: "name of a service worker and of another script".to_owned(),
        help: "load it as a service worker alone, or rename one of the two: service workers lie at the root"
            .to_owned(),
    })
}

/// Records the modules that make code from text.
fn demand_code(
    context: &Context<'_>,
    dependencies: &Dependencies,
    holding: impl Fn(&Path) -> Vec<LogicalPath>,
) {
    for (module, before) in &dependencies.code_from_text {
        let package = package_name(module);
        let text = Text::new(context.config.name_of(module), before.as_str());
        let scope = DemandScope::Outputs(holding(module));
        context.demand((&text, before.len()), DemandKind::Code { package }, scope);
    }
}
