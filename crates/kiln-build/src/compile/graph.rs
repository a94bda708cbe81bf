//! Which script imports which, statically.

use std::collections::BTreeMap;

use kiln_manifest::LogicalPath;

use super::Compiled;

/// The imports of each script.
#[derive(Debug)]
pub(super) struct Graph(BTreeMap<LogicalPath, Vec<LogicalPath>>);

impl Graph {
    pub(super) fn of(scripts: &[Compiled]) -> Self {
        Self(scripts.iter().map(|script| (script.path.clone(), script.imports.clone())).collect())
    }

    /// Everything that `script` needs before it runs, without itself, each once, importers first.
    pub(super) fn needed_by(&self, script: &LogicalPath) -> Vec<LogicalPath> {
        let mut needed: Vec<LogicalPath> = Vec::new();
        let mut open = vec![script.clone()];
        while let Some(next) = open.pop() {
            for import in self.0.get(&next).into_iter().flatten() {
                if import != script && !needed.contains(import) {
                    needed.push(import.clone());
                    open.push(import.clone());
                }
            }
        }
        needed
    }
}
