//! Third stage: resolves references leaves first, writes them into content, and hashes what results.
//!
//! A name holds the hash of the final bytes, so a parent's name changes when a child's content does.
//! Scripts that import each other in a cycle are hashed as one unit.

mod check;
mod map;
mod metadata;
mod name;
mod place;
#[cfg(test)]
mod properties;
mod text;
mod unit;

use std::collections::{BTreeMap, BTreeSet};

use kiln_manifest::{Digest, Exposure, InlineHashes, LogicalPath, Preload};

use self::{
    check::{Index, check, distinct_urls, positions},
    metadata::Metadata,
    text::Substituted,
};
use crate::{
    Config, Result,
    compile::{Compilation, Compiled, Content},
    reference::ReferenceTable,
    stored::Stored,
};

/// One output with its final bytes.
#[derive(Debug)]
pub(crate) struct Linked {
    pub(crate) path: LogicalPath,
    pub(crate) exposure: Exposure,
    pub(crate) url: Option<String>,
    /// Where it goes in the output folder.
    pub(crate) file: String,
    pub(crate) media_type: String,
    pub(crate) body: Body,
    pub(crate) digest: Digest,
    /// The outputs whose URL stands in this one.
    pub(crate) refers_to: BTreeSet<LogicalPath>,
    /// URLs, in load order.
    pub(crate) imports: Vec<String>,
    pub(crate) preloads: Vec<Preload>,
    pub(crate) inline: InlineHashes,
}

/// The final content of an output.
#[derive(Debug)]
pub(crate) enum Body {
    Held(Vec<u8>),
    Stored(Stored),
}

impl Body {
    /// In bytes.
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::Held(bytes) => bytes.len() as u64,
            Self::Stored(stored) => stored.length,
        }
    }
}

/// Links everything that was compiled.
///
/// # Errors
/// References to private files or to nothing, and outputs that would overwrite each other.
pub(crate) fn link(config: &Config, compilation: Compilation) -> Result<Vec<Linked>> {
    let Compilation { outputs, references, mut maps, .. } = compilation;
    let index = positions(&outputs)?;
    check(&outputs, &index, &references)?;
    let mut linker = Linker {
        config,
        outputs: &outputs,
        index: &index,
        references: &references,
        maps: maps.keys().cloned().collect(),
        done: BTreeMap::new(),
    };
    for unit in linker.units() {
        linker.name(&unit);
    }
    let metadata: Vec<_> = outputs.iter().map(|output| linker.metadata(output)).collect();
    let mapped = outputs.iter().enumerate().filter_map(|(position, output)| match &output.content {
        Content::Marked(text) => Some(linker.map(position, text, maps.remove(&output.path)?)),
        Content::Stored(_) => None,
    });
    let mapped = mapped.collect::<Result<Vec<_>>>()?;
    let named = linker.done.into_values();
    let done = outputs.into_iter().zip(named).zip(metadata).map(linked);
    let done: Vec<Linked> = done.chain(mapped).collect();
    distinct_urls(&done)?;
    Ok(done)
}

fn linked(((output, named), metadata): ((Compiled, Named), Metadata)) -> Linked {
    let Metadata { refers_to, imports, preloads, inline } = metadata;
    Linked {
        path: output.path,
        exposure: output.exposure,
        url: named.url,
        file: named.file,
        media_type: output.media_type,
        body: named.content.into_body(output.content),
        digest: named.digest,
        refers_to,
        imports,
        preloads,
        inline,
    }
}

struct Linker<'a> {
    config: &'a Config,
    outputs: &'a [Compiled],
    index: &'a Index<'a>,
    references: &'a ReferenceTable,
    /// The outputs that have a source map.
    maps: BTreeSet<LogicalPath>,
    /// What has its name, by position.
    done: BTreeMap<usize, Named>,
}

struct Named {
    url: Option<String>,
    file: String,
    content: Substituted,
    /// Of the final content.
    digest: Digest,
}
