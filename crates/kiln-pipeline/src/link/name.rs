//! Names of outputs, leaves first: a name holds the hash of the content, which holds the names of its targets.

use kiln_manifest::Digest;

use super::{
    linker::{Linker, Named},
    place::place,
    scc::components,
};

impl Linker<'_> {
    /// Positions of outputs in the order of naming, the members of a cycle together.
    pub(super) fn components(&self) -> Vec<Vec<usize>> {
        let depends_on = self.outputs.iter().map(|output| {
            let references = self.references_in(&output.content);
            references.flat_map(|reference| self.dependencies(reference)).collect()
        });
        components(&depends_on.collect::<Vec<_>>())
    }

    /// Names one component, whose targets outside of it have their names.
    pub(super) fn name(&mut self, component: &[usize]) {
        match component {
            [position] if !self.refers_to_itself(*position) => {
                let body = self.body(*position);
                self.name_by(*position, body.digest());
                self.bodies.insert(*position, body);
            }
            members => self.name_cycle(members.to_vec()),
        }
    }

    /// Names the members of a cycle. The final content of a member depends on its own name, so each is named by the
    /// content of all members, in which references between members are still tokens.
    fn name_cycle(&mut self, mut members: Vec<usize>) {
        members.sort_by_key(|position| &self.outputs[*position].path);
        let parts = members
            .iter()
            .map(|position| format!("{} {}", self.body(*position).digest(), self.outputs[*position].path));
        let parts: Vec<String> = parts.collect();
        let shared = Digest::of_parts(parts.iter().map(String::as_bytes)).to_string();
        for position in &members {
            let path = self.outputs[*position].path.as_str();
            self.name_by(*position, Digest::of_parts([shared.as_bytes(), path.as_bytes()]));
        }
        for position in members {
            let body = self.body(position);
            if let Some(named) = self.named.get_mut(&position) {
                named.digest = body.digest();
            }
            self.bodies.insert(position, body);
        }
    }

    fn name_by(&mut self, position: usize, digest: Digest) {
        let (url, file) = place(self.config, &self.outputs[position], &digest);
        self.named.insert(position, Named { url, file, digest });
    }

    fn refers_to_itself(&self, position: usize) -> bool {
        self.references_in(&self.outputs[position].content)
            .any(|reference| self.dependencies(reference).contains(&position))
    }
}
