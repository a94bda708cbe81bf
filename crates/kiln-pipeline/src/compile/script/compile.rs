//! The compiler of scripts.

use std::path::Path;

use kiln_manifest::LogicalPath;

use super::{
    bundle::Bundle,
    chunk::ChunkNames,
    chunk_styles::ChunkStyles,
    path_strings, remote_calls,
    reuse::{LastBundle, bundle},
};
use crate::{
    Result,
    compile::{
        demand::{DemandKind, DemandScope},
        graph::Graph,
        output::Compiled,
        style::Styles,
    },
    source::Source,
    text::Text,
};

/// The outputs of all scripts.
#[derive(Debug, Default)]
pub(in crate::compile) struct BundledScripts {
    pub(in crate::compile) outputs: Vec<Compiled>,
    /// Style sheets that scripts refer to by URL.
    pub(in crate::compile) linked_styles: Vec<LogicalPath>,
    pub(in crate::compile) graph: Graph,
}

/// Bundles `entries` together. `last` holds the bundle of the previous build, and is updated.
pub(in crate::compile) fn compile(
    styles: &Styles<'_>,
    last: Option<&mut LastBundle>,
    entries: &[&Source],
) -> Result<BundledScripts> {
    if entries.is_empty() {
        return Ok(BundledScripts::default());
    }
    let context = styles.context;
    let Bundle { chunks, read, warnings, dependencies } = bundle(styles, last, entries)?;
    context.warn(path_strings::warnings(context, &read));
    context.track(dependencies.globs.iter().flat_map(|(patterns, _)| patterns.folders.clone()));
    context.warn(warnings);
    context.track_variables(dependencies.reads.of_environment(context.config));
    let names = ChunkNames::new(context, &chunks);
    let holding = |file: &Path| names.of_module(&chunks, file);
    remote_calls::demand(context, &read, holding);
    for (module, before) in &dependencies.code_from_text {
        let package = package_name(module);
        let text = Text::new(context.config.name_of(module), before.as_str());
        context.demand(
            (&text, before.len()),
            DemandKind::Code { package },
            DemandScope::Outputs(holding(module)),
        );
    }
    context.track(read);
    let sheets = ChunkStyles::new(styles, &chunks, &names, &dependencies.sheets)?;
    let graph = Graph {
        imports: chunks.iter().map(|chunk| (names.of(chunk).clone(), names.imports(chunk))).collect(),
        styles: sheets.by_script,
    };
    let scripts: Vec<_> =
        chunks.iter().map(|chunk| names.compiled(context, chunk, &graph)).collect::<Result<_>>()?;
    Ok(BundledScripts {
        outputs: scripts.into_iter().chain(sheets.outputs).collect(),
        linked_styles: dependencies.linked_styles.into_iter().collect(),
        graph,
    })
}

/// The name of the package that holds a module, `@scope/name`; `None` for own modules.
fn package_name(module: &Path) -> Option<String> {
    let path = module.to_string_lossy().replace('\\', "/");
    let (_, within) = path.rsplit_once("/node_modules/")?;
    let parts = if within.starts_with('@') { 2 } else { 1 };
    Some(within.split('/').take(parts).collect::<Vec<_>>().join("/"))
}
