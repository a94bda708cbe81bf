//! From the chunks that rolldown made to outputs: their names, and references where they name each other.

use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use kiln_manifest::{Exposure, LogicalPath};
use rolldown_common::OutputChunk;

use crate::{
    compile::{Compiled, Stage},
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

    pub(super) fn compiled(&self, stage: &Stage<'_>, chunk: &OutputChunk) -> Compiled {
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
