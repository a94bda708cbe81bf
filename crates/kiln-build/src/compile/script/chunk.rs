//! From the chunks that rolldown made to outputs: their names, and references where they name each other.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use kiln_manifest::{Exposure, LogicalPath};
use rolldown_common::OutputChunk;

use crate::{
    compile::{Compiled, Content, Stage},
    reference::{Origin, Reference},
    resolve::output_of,
};

/// Chunks are named so while they refer to each other; the link stage gives them their names.
const CHUNK_OPEN: &str = "__kiln_chunk_";
const CHUNK_CLOSE: &str = "__";

/// The pattern by which rolldown names chunks, here and in the imports between them.
pub(super) fn file_name() -> String {
    format!("{CHUNK_OPEN}[name]{CHUNK_CLOSE}.js")
}

/// The outputs' names, by the file name that rolldown gave to each chunk.
pub(super) struct Names(BTreeMap<String, LogicalPath>);

impl Names {
    pub(super) fn new(stage: &Stage<'_>, chunks: &[Arc<OutputChunk>]) -> Self {
        let by_file: BTreeMap<_, _> =
            stage.sources.iter().map(|source| (source.file.to_string_lossy(), source)).collect();
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

    pub(super) fn compiled(&self, stage: &Stage<'_>, chunk: &OutputChunk) -> Compiled {
        Compiled {
            path: self.0[chunk.filename.as_str()].clone(),
            exposure: Exposure::Hashed,
            media_type: "text/javascript; charset=utf-8".to_owned(),
            content: Content::Marked(self.with_tokens(stage, &chunk.code)),
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

/// The name by which rolldown calls the chunk, which is that of one of its modules, or else a number that is
/// free.
fn shared_chunk(file_name: &str, is_taken: impl Fn(&LogicalPath) -> bool) -> LogicalPath {
    let name = file_name.strip_prefix(CHUNK_OPEN).unwrap_or(file_name);
    let name = name.strip_suffix(".js").unwrap_or(name).replacen(CHUNK_CLOSE, "", 1);
    let letter = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_') { c } else { '-' };
    let name: String = name.chars().map(letter).collect();
    let numbered = (2_u32..).map(|number| format!("chunks/{name}-{number}.js"));
    std::iter::once(format!("chunks/{name}.js"))
        .chain(numbered)
        .filter_map(|path| LogicalPath::new(path).ok())
        .find(|path| !is_taken(path))
        .expect("numbers do not run out")
}
