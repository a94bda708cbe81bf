//! Third stage: resolves references leaves first, writes them into content, and hashes what results.
//!
//! A name holds the hash of the final bytes, so a parent's name changes when a child's content does.
//! Scripts that import each other in a cycle are hashed as one unit.

mod check;
mod place;

use std::collections::BTreeMap;

use kiln_manifest::{Digest, Exposure, InlineHashes, LogicalPath, Mode};
use petgraph::{algo::tarjan_scc, graph::DiGraph, graph::NodeIndex};

use self::{
    check::{Index, check, distinct_urls, positions},
    place::place,
};
use crate::{
    Config, Result,
    compile::{Compilation, Compiled, Inline},
    reference::{Form, Piece, Reference, ReferenceTable},
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
    pub(crate) content: Vec<u8>,
    /// URLs, in load order.
    pub(crate) imports: Vec<String>,
    pub(crate) inline: InlineHashes,
}

/// Links everything that was compiled.
///
/// # Errors
/// References to private files or to nothing, and outputs that would overwrite each other.
pub(crate) fn link(config: &Config, compilation: Compilation) -> Result<Vec<Linked>> {
    let Compilation { outputs, references, .. } = compilation;
    let index = positions(&outputs)?;
    check(&outputs, &index, &references)?;
    let mut linker =
        Linker { config, outputs: &outputs, index: &index, references: &references, done: BTreeMap::new() };
    for unit in linker.units() {
        linker.name(&unit);
    }
    let outputs: Vec<Linked> = outputs.iter().map(|output| linker.linked(output)).collect();
    distinct_urls(&outputs)?;
    Ok(outputs)
}

struct Linker<'a> {
    config: &'a Config,
    outputs: &'a [Compiled],
    index: &'a Index<'a>,
    references: &'a ReferenceTable,
    /// What has its name, by position.
    done: BTreeMap<usize, Named>,
}

struct Named {
    url: Option<String>,
    file: String,
    content: Vec<u8>,
}

impl Linker<'_> {
    /// Outputs in the order in which they can be named, those in a cycle together.
    fn units(&self) -> Vec<Vec<usize>> {
        let mut graph = DiGraph::<(), ()>::new();
        let nodes: Vec<NodeIndex> = self.outputs.iter().map(|_| graph.add_node(())).collect();
        for (position, output) in self.outputs.iter().enumerate() {
            for piece in self.references.pieces(&output.content) {
                if let Piece::Reference(reference) = piece
                    && self.depends_on_content(reference)
                {
                    graph.add_edge(nodes[position], nodes[self.index[&reference.target]], ());
                }
            }
        }
        let in_dependency_order = tarjan_scc(&graph);
        in_dependency_order.into_iter().map(|unit| unit.into_iter().map(NodeIndex::index).collect()).collect()
    }

    /// Pages link to each other in circles, but their URLs do not depend on what they hold.
    fn depends_on_content(&self, reference: &Reference) -> bool {
        let is_named_by_content = self.config.mode == Mode::Release
            && self.outputs[self.index[&reference.target]].exposure == Exposure::Hashed;
        is_named_by_content || reference.form == Form::Integrity
    }

    /// Names one unit; everything that it refers to outside of itself is named.
    fn name(&mut self, unit: &[usize]) {
        let mut members = unit.to_vec();
        members.sort_by_key(|position| &self.outputs[*position].path);
        let shared = Digest::of_parts(
            members
                .iter()
                .flat_map(|position| {
                    let output = &self.outputs[*position];
                    [output.path.as_str().as_bytes().to_vec(), self.substituted(&output.content)]
                })
                .collect::<Vec<_>>()
                .iter()
                .map(Vec::as_slice),
        );
        let is_cycle = members.len() > 1;
        for position in &members {
            let output = &self.outputs[*position];
            let digest = if is_cycle {
                Digest::of_parts([shared.to_string().as_bytes(), output.path.as_str().as_bytes()])
            } else {
                Digest::of(&self.substituted(&output.content))
            };
            let (url, file) = place(self.config, output, &digest);
            self.done.insert(*position, Named { url, file, content: Vec::new() });
        }
        for position in members {
            let content = self.substituted(&self.outputs[position].content);
            if let Some(named) = self.done.get_mut(&position) {
                named.content = content;
            }
        }
    }

    /// Content with every reference written out whose target has a name; the others keep their token.
    fn substituted(&self, content: &[u8]) -> Vec<u8> {
        let mut output = Vec::with_capacity(content.len());
        for piece in self.references.pieces(content) {
            match piece {
                Piece::Bytes(bytes) => output.extend_from_slice(bytes),
                Piece::Reference(reference) => output.extend_from_slice(self.written(reference).as_bytes()),
            }
        }
        output
    }

    fn written(&self, reference: &Reference) -> String {
        let target = self.index[&reference.target];
        match (&reference.form, self.done.get(&target)) {
            (_, None) if self.depends_on_content(reference) => reference.token(),
            (Form::Url { suffix }, _) => {
                self.url(target).map_or_else(String::new, |url| format!("{url}{suffix}"))
            }
            (Form::Integrity, named) => {
                named.map_or_else(String::new, |named| Digest::of(&named.content).integrity())
            }
        }
    }

    fn url(&self, position: usize) -> Option<String> {
        match self.done.get(&position) {
            Some(named) => named.url.clone(),
            None => place(self.config, &self.outputs[position], &Digest::of(b"")).0,
        }
    }

    fn linked(&self, output: &Compiled) -> Linked {
        let position = self.index[&output.path];
        let Named { url, file, content } = &self.done[&position];
        Linked {
            path: output.path.clone(),
            exposure: output.exposure,
            url: url.clone(),
            file: file.clone(),
            media_type: output.media_type.clone(),
            content: content.clone(),
            imports: output.imports.iter().filter_map(|path| self.url(self.index[path])).collect(),
            inline: self.inline(&output.inline),
        }
    }

    fn inline(&self, inline: &[Inline]) -> InlineHashes {
        let mut hashes = InlineHashes::default();
        for part in inline {
            let (list, text) = match part {
                Inline::Script(text) => (&mut hashes.scripts, text),
                Inline::Style(text) => (&mut hashes.styles, text),
            };
            let hash = Digest::of(&self.substituted(text.as_bytes())).integrity();
            if !list.contains(&hash) {
                list.push(hash);
            }
        }
        hashes
    }
}
