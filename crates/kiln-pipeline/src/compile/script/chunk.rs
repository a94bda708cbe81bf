//! Chunks of rolldown as outputs: their names, and references between them.

use std::{borrow::Cow, collections::BTreeMap, path::Path, sync::Arc};

use kiln_manifest::{Exposure, LogicalPath};
use rolldown_common::OutputChunk;

use super::{
    bundle::{CHUNK_CLOSE, CHUNK_OPEN},
    lazy_styles::{LOADER, call_before},
};
use crate::{
    Error, Result,
    compile::{
        context::Context,
        graph::Graph,
        output::{Compiled, Content},
    },
    reference::{Reference, ReferenceSite, output_of},
    source::Language,
    text::{Edit, apply, shifted},
};

/// The function that replaces `import`, defined in [`LOADER`].
const LOADER_CALL: &str = "__kiln_load";

/// Names of outputs, by rolldown's file name of the chunk.
pub(super) struct ChunkNames(BTreeMap<String, LogicalPath>);

impl ChunkNames {
    pub(super) fn new(context: &Context<'_>, chunks: &[Arc<OutputChunk>]) -> Self {
        let of_packages = context.packages.in_language(Language::Script);
        let sources = context.sources.iter().chain(&of_packages);
        let by_file: BTreeMap<_, _> = sources.map(|source| (source.file.to_string_lossy(), source)).collect();
        let source = |chunk: &OutputChunk| {
            let id = chunk.facade_module_id.as_ref().filter(|_| chunk.is_entry)?;
            by_file.get(&Cow::Borrowed(id.as_ref())).copied()
        };
        let (entries, shared): (Vec<_>, Vec<_>) = chunks.iter().partition(|chunk| source(chunk).is_some());
        let mut names = BTreeMap::new();
        for (chunk, source) in entries.into_iter().filter_map(|chunk| Some((chunk, source(chunk)?))) {
            names.insert(chunk.filename.to_string(), output_of(source));
        }
        for chunk in shared {
            let name = shared_chunk(&chunk.filename, |name| names.values().any(|taken| taken == name));
            names.insert(chunk.filename.to_string(), name);
        }
        Self(names)
    }

    /// The name of a chunk.
    pub(super) fn of(&self, chunk: &OutputChunk) -> &LogicalPath {
        &self.0[chunk.filename.as_str()]
    }

    /// The names of the chunks that hold a module.
    pub(super) fn of_module(&self, chunks: &[Arc<OutputChunk>], file: &Path) -> Vec<LogicalPath> {
        let is_module = |id: &str| Path::new(id.split('?').next().unwrap_or(id)) == file;
        let holding =
            chunks.iter().filter(|chunk| chunk.modules.keys.iter().any(|id| is_module(id.as_str())));
        holding.map(|chunk| self.of(chunk).clone()).collect()
    }

    /// Static imports of a chunk, in the order of execution.
    pub(super) fn imports(&self, chunk: &OutputChunk) -> Vec<LogicalPath> {
        chunk.imports.iter().filter_map(|import| self.0.get(import.as_str()).cloned()).collect()
    }

    pub(super) fn compiled(
        &self,
        context: &Context<'_>,
        chunk: &OutputChunk,
        graph: &Graph,
    ) -> Result<Compiled> {
        let edits = self.edits(context, chunk, graph)?;
        let mut code = apply(&chunk.code, &edits);
        if let Some(map) = &chunk.map {
            context.map(self.of(chunk).clone(), shifted(map.clone(), &chunk.code, &edits));
        }
        if edits.iter().any(|edit| edit.text.starts_with(LOADER_CALL)) {
            // The code may end with a comment, without a line break.
            if !code.ends_with('\n') {
                code.push('\n');
            }
            code.push_str(LOADER);
        }
        Ok(Compiled {
            imports: self.imports(chunk),
            ..Compiled::new(self.of(chunk).clone(), Exposure::Hashed, Content::Text(code))
        })
    }

    /// Edits that replace placeholders of chunks, and a `./` before them, by references: chunks are imported by absolute
    /// URLs. A dynamic import of a chunk with style sheets loads the sheets first.
    fn edits(&self, context: &Context<'_>, chunk: &OutputChunk, graph: &Graph) -> Result<Vec<Edit>> {
        let url = |path: &LogicalPath| {
            context.references.record(Reference::url(path.clone()), ReferenceSite::Generated)
        };
        let present = graph.styles_needed_by(self.of(chunk));
        let code = chunk.code.as_str();
        let mut edits = Vec::new();
        for (start, _) in code.match_indices(CHUNK_OPEN) {
            let Some((name, path)) = self.named_at(&code[start..]) else { continue };
            let begin = if code[..start].ends_with("./") { start - 2 } else { start };
            let mut styles = graph.styles_needed_by(path);
            styles.retain(|style| !present.contains(style));
            if let (false, Some(call)) = (styles.is_empty(), call_before(code, begin)) {
                let urls: Vec<_> = styles.iter().map(|style| format!("\"{}\"", url(style))).collect();
                let end = call + code[call..begin].find('(').map_or(0, |open| open + 1);
                edits.push(Edit { place: call..end, text: format!("{LOADER_CALL}([{}],", urls.join(",")) });
            } else if !styles.is_empty() && !chunk.imports.iter().any(|import| import == name) {
                return Err(Error::Tool {
                    tool: "rolldown",
                    problem: format!("unsupported dynamic import of `{path}`, which has style sheets"),
                    help: Some("write `import(\"…\")` with a string literal".to_owned()),
                });
            }
            edits.push(Edit { place: begin..start + name.len(), text: url(path) });
        }
        Ok(edits)
    }

    /// The chunk whose placeholder begins `code`.
    fn named_at(&self, code: &str) -> Option<(&str, &LogicalPath)> {
        let named = self.0.iter().filter(|(name, _)| code.starts_with(name.as_str()));
        named.max_by_key(|(name, _)| name.len()).map(|(name, path)| (name.as_str(), path))
    }
}

/// An unused name for the style sheet of `script`.
pub(super) fn sheet_of(
    context: &Context<'_>,
    script: &LogicalPath,
    taken: &BTreeMap<LogicalPath, LogicalPath>,
) -> LogicalPath {
    let name = script.as_str().trim_start_matches("chunks/").trim_end_matches(".js");
    free(name, "css", |path| context.tree.get(path).is_some() || taken.values().any(|other| other == path))
}

/// The name of a shared chunk: rolldown's name, which is that of one of the modules, with a number when it is taken.
fn shared_chunk(file_name: &str, is_taken: impl Fn(&LogicalPath) -> bool) -> LogicalPath {
    let name = file_name.strip_prefix(CHUNK_OPEN).unwrap_or(file_name);
    let name = name.strip_suffix(".js").unwrap_or(name).replacen(CHUNK_CLOSE, "", 1);
    let letter = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let name: String = name.chars().map(letter).collect();
    free(&name, "js", is_taken)
}

/// The path `chunks/NAME`, with a number when it is taken.
fn free(name: &str, extension: &str, is_taken: impl Fn(&LogicalPath) -> bool) -> LogicalPath {
    let name = name.replace('/', "-");
    let numbered = (2_u32..).map(|number| format!("chunks/{name}-{number}.{extension}"));
    std::iter::once(format!("chunks/{name}.{extension}"))
        .chain(numbered)
        .filter_map(|path| LogicalPath::new(path).ok())
        .find(|path| !is_taken(path))
        .expect("numbers do not run out")
}
