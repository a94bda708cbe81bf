//! Third stage: resolves references leaves first, writes them into content, and hashes what results.
//!
//! A name holds the hash of the final bytes, so a parent's name changes when a child's content does.
//! Scripts that import each other in a cycle are hashed as one unit.

mod check;
mod map;
mod place;
#[cfg(test)]
mod properties;

use std::collections::{BTreeMap, BTreeSet};

use kiln_manifest::{Digest, Exposure, InlineHashes, LogicalPath, Mode};
use petgraph::{algo::tarjan_scc, graph::DiGraph, graph::NodeIndex};

use self::{
    check::{Index, check, distinct_urls, positions},
    place::place,
};
use crate::{
    Config, Result,
    compile::{Compilation, Compiled, Content, Inline},
    edit::{Edit, apply},
    reference::{Form, Piece, Reference, ReferenceTable},
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
    let Metadata { refers_to, imports, inline } = metadata;
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

/// What is said of an output beside its content.
struct Metadata {
    refers_to: BTreeSet<LogicalPath>,
    imports: Vec<String>,
    inline: InlineHashes,
}

/// What becomes of compiled content.
enum Substituted {
    /// It refers to nothing: a file, as it is.
    Unchanged,
    Text(String),
}

impl Substituted {
    fn digest(&self, compiled: &Content) -> Digest {
        match (self, compiled) {
            (Self::Text(text), _) | (Self::Unchanged, Content::Marked(text)) => Digest::of(text.as_bytes()),
            (Self::Unchanged, Content::Stored(stored)) => stored.digest,
        }
    }

    fn into_body(self, compiled: Content) -> Body {
        match (self, compiled) {
            (Self::Text(text), _) | (Self::Unchanged, Content::Marked(text)) => Body::Held(text.into_bytes()),
            (Self::Unchanged, Content::Stored(stored)) => Body::Stored(stored),
        }
    }
}

impl Linker<'_> {
    /// Outputs in the order in which they can be named, those in a cycle together.
    fn units(&self) -> Vec<Vec<usize>> {
        let mut graph = DiGraph::<(), ()>::new();
        let nodes: Vec<NodeIndex> = self.outputs.iter().map(|_| graph.add_node(())).collect();
        for (position, output) in self.outputs.iter().enumerate() {
            for reference in self.references_in(&output.content).filter(|one| self.depends_on_content(one)) {
                graph.add_edge(nodes[position], nodes[self.index[&reference.target]], ());
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
        match unit {
            [position] if !self.refers_to_itself(*position) => {
                let content = self.substituted(*position);
                let digest = content.digest(&self.outputs[*position].content);
                let (url, file) = place(self.config, &self.outputs[*position], &digest);
                self.done.insert(*position, Named { url, file, content, digest });
            }
            members => self.name_cycle(members),
        }
    }

    /// Outputs that name each other cannot be named by their final content: each is named by the content
    /// of all, in which the references between them still are tokens.
    fn name_cycle(&mut self, members: &[usize]) {
        let mut members = members.to_vec();
        members.sort_by_key(|position| &self.outputs[*position].path);
        let marked = members.iter().map(|position| {
            let output = &self.outputs[*position];
            let digest = self.substituted(*position).digest(&output.content);
            format!("{digest} {}", output.path)
        });
        let marked: Vec<String> = marked.collect();
        let shared = Digest::of_parts(marked.iter().map(String::as_bytes)).to_string();
        for position in &members {
            let output = &self.outputs[*position];
            let digest = Digest::of_parts([shared.as_bytes(), output.path.as_str().as_bytes()]);
            let (url, file) = place(self.config, output, &digest);
            self.done.insert(*position, Named { url, file, content: Substituted::Unchanged, digest });
        }
        for position in members {
            let content = self.substituted(position);
            if let Some(named) = self.done.get_mut(&position) {
                named.digest = content.digest(&self.outputs[position].content);
                named.content = content;
            }
        }
    }

    fn refers_to_itself(&self, position: usize) -> bool {
        self.references_in(&self.outputs[position].content)
            .any(|reference| self.index[&reference.target] == position && self.depends_on_content(reference))
    }

    fn references_in<'a>(&'a self, content: &'a Content) -> impl Iterator<Item = &'a Reference> {
        let pieces = match content {
            Content::Stored(_) => Vec::new(),
            Content::Marked(text) => self.references.pieces(text),
        };
        pieces.into_iter().filter_map(|piece| match piece {
            Piece::Reference(reference) => Some(reference),
            Piece::Text(_) => None,
        })
    }

    /// Content with every reference written out whose target has a name; the others keep their token.
    fn substituted(&self, position: usize) -> Substituted {
        match &self.outputs[position].content {
            Content::Stored(_) => Substituted::Unchanged,
            Content::Marked(text) => Substituted::Text(self.naming_its_map(position, self.text(text))),
        }
    }

    fn text(&self, marked: &str) -> String {
        apply(marked, &self.edits(marked))
    }

    /// What is written in the place of each token.
    fn edits(&self, marked: &str) -> Vec<Edit> {
        let (mut at, mut edits) = (0, Vec::new());
        for piece in self.references.pieces(marked) {
            match piece {
                Piece::Text(text) => at += text.len(),
                Piece::Reference(reference) => {
                    let place = at..at + reference.token().len();
                    at = place.end;
                    edits.push(Edit { place, text: self.written(reference) });
                }
            }
        }
        edits
    }

    fn written(&self, reference: &Reference) -> String {
        let target = self.index[&reference.target];
        match (&reference.form, self.done.get(&target)) {
            (_, None) if self.depends_on_content(reference) => reference.token(),
            (Form::Url { suffix }, _) => {
                self.url(target).map_or_else(String::new, |url| format!("{url}{suffix}"))
            }
            (Form::Integrity, named) => named.map_or_else(String::new, |named| named.digest.integrity()),
        }
    }

    fn url(&self, position: usize) -> Option<String> {
        match self.done.get(&position) {
            Some(named) => named.url.clone(),
            None => place(self.config, &self.outputs[position], &Digest::of(b"")).0,
        }
    }

    /// Everything that can be said of an output without taking its content.
    fn metadata(&self, output: &Compiled) -> Metadata {
        Metadata {
            refers_to: self
                .references_in(&output.content)
                .map(|reference| reference.target.clone())
                .collect(),
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
                Inline::StyleAttribute(text) => (&mut hashes.style_attributes, text),
            };
            // Browsers see only line feeds (HTML §13.2.3.5), and hash what they see.
            let text = self.text(text).replace("\r\n", "\n").replace('\r', "\n");
            let hash = Digest::of(text.as_bytes()).integrity();
            if !list.contains(&hash) {
                list.push(hash);
            }
        }
        hashes
    }
}
