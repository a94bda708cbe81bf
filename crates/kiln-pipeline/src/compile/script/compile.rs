//! The compiler of scripts.

use std::collections::BTreeMap;

use kiln_manifest::LogicalPath;

use super::{
    bundle::Bundle,
    chunk::ChunkNames,
    chunk_styles::ChunkStyles,
    declarations::declarations,
    lost_maps,
    path_strings::PathStrings,
    reuse::{LastBundle, bundle},
};
use crate::{
    Result,
    compile::{graph::Graph, output::Compiled, style::Styles},
    source::Source,
};

/// The outputs of all scripts.
#[derive(Debug, Default)]
pub(in crate::compile) struct BundledScripts {
    pub(in crate::compile) outputs: Vec<Compiled>,
    /// Style sheets that scripts refer to by URL.
    pub(in crate::compile) linked_styles: Vec<LogicalPath>,
    pub(in crate::compile) graph: Graph,
    /// Declarations for TypeScript, when `tsconfig.json` asks for them.
    pub(in crate::compile) declarations: Option<String>,
}

/// Bundles `entries` together. `last` holds the bundle of the previous build, and is updated.
pub(in crate::compile) fn compile(
    styles: &Styles<'_>,
    last: Option<&mut LastBundle>,
    entries: &[&Source],
) -> Result<BundledScripts> {
    let context = styles.context;
    if entries.is_empty() {
        let declarations = declarations(context.config, &BTreeMap::new());
        return Ok(BundledScripts { declarations, ..BundledScripts::default() });
    }
    let Bundle { chunks, read, warnings, dependencies } = bundle(styles, last, entries)?;
    context.warn(PathStrings::new(context).in_modules(&read));
    context.warn(lost_maps::warnings(context, &read));
    context.track(read);
    context.track(dependencies.contents.iter().cloned());
    context.track(dependencies.globs.iter().flat_map(|(patterns, _)| patterns.folders.clone()));
    context.warn(warnings);
    context.track_variables(dependencies.reads.of_environment(context.config));
    let names = ChunkNames::new(context, &chunks);
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
        declarations: declarations(context.config, &dependencies.sheets),
    })
}
