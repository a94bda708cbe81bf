//! Names of outputs, leaves first: a name holds the hash of the content, which holds the names of its targets.

use kiln_manifest::{Digest, Exposure, Mode};

use super::{
    linker::{Linker, Named, Substituted},
    place::place,
    scc::components,
};
use crate::reference::{Form, Reference};

impl Linker<'_> {
    /// Positions of outputs in the order of naming, the members of a cycle together.
    pub(super) fn components(&self) -> Vec<Vec<usize>> {
        let depends_on = self.outputs.iter().map(|output| {
            let references = self.references_in(&output.content).filter(|one| self.depends_on_content(one));
            references.map(|reference| self.index[&reference.target]).collect()
        });
        components(&depends_on.collect::<Vec<_>>())
    }

    /// Whether a reference depends on the content of its target. Pages link to each other in cycles, but their URLs do
    /// not depend on content.
    pub(super) fn depends_on_content(&self, reference: &Reference) -> bool {
        let is_named_by_content = self.config.mode == Mode::Release
            && self.outputs[self.index[&reference.target]].exposure == Exposure::Hashed;
        is_named_by_content || reference.form == Form::Integrity
    }

    /// Names one component, whose targets outside of it have their names.
    pub(super) fn name(&mut self, component: &[usize]) {
        match component {
            [position] if !self.refers_to_itself(*position) => {
                let content = self.substituted(*position);
                let digest = content.digest(&self.outputs[*position].content);
                let (url, file) = place(self.config, &self.outputs[*position], &digest);
                self.done.insert(*position, Named { url, file, content, digest });
            }
            members => self.name_cycle(members),
        }
    }

    /// Names the members of a cycle. The final content of a member depends on its own name, so each is named by the
    /// content of all members, in which references between members are still tokens.
    fn name_cycle(&mut self, members: &[usize]) {
        let mut members = members.to_vec();
        members.sort_by_key(|position| &self.outputs[*position].path);
        let parts = members.iter().map(|position| {
            let output = &self.outputs[*position];
            let digest = self.substituted(*position).digest(&output.content);
            format!("{digest} {}", output.path)
        });
        let parts: Vec<String> = parts.collect();
        let shared = Digest::of_parts(parts.iter().map(String::as_bytes)).to_string();
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
}
