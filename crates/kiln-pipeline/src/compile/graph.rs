//! The graph of scripts: static imports, and imported style sheets.

use std::collections::{BTreeMap, BTreeSet};

use kiln_manifest::LogicalPath;

/// The static imports and the style sheet of each script.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// Static imports, in the order of execution.
    pub(super) imports: BTreeMap<LogicalPath, Vec<LogicalPath>>,
    /// Style sheets by script.
    pub(super) styles: BTreeMap<LogicalPath, LogicalPath>,
}

impl Graph {
    /// Transitive imports of `script`, without itself, each once, importers first.
    pub(super) fn needed_by(&self, script: &LogicalPath) -> Vec<LogicalPath> {
        let mut needed: Vec<LogicalPath> = Vec::new();
        let mut open = vec![script.clone()];
        while let Some(next) = open.pop() {
            for import in self.imports.get(&next).into_iter().flatten() {
                if import != script && !needed.contains(import) {
                    needed.push(import.clone());
                    open.push(import.clone());
                }
            }
        }
        needed
    }

    /// Style sheets of `script` and of its transitive imports, in the order of linking: imported sheets before those of
    /// the importer.
    pub(super) fn styles_needed_by(&self, script: &LogicalPath) -> Vec<LogicalPath> {
        let (mut seen, mut styles) = (BTreeSet::new(), Vec::new());
        self.visit(script, &mut seen, &mut styles);
        styles
    }

    fn visit<'a>(
        &'a self,
        script: &'a LogicalPath,
        seen: &mut BTreeSet<&'a LogicalPath>,
        styles: &mut Vec<LogicalPath>,
    ) {
        if seen.insert(script) {
            self.imports
                .get(script)
                .into_iter()
                .flatten()
                .for_each(|import| self.visit(import, seen, styles));
            styles.extend(self.styles.get(script).cloned());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_are_linked_in_the_order_of_execution() {
        let path = |name: &str| LogicalPath::new(name).expect(name);
        let graph = Graph {
            imports: [("app", &["b", "a"][..]), ("b", &["base", "app"]), ("a", &["base"])]
                .map(|(script, imports)| (path(script), imports.iter().map(|name| path(name)).collect()))
                .into(),
            styles: ["app", "a", "b", "base"].map(|name| (path(name), path(&format!("{name}.css")))).into(),
        };
        let order = graph.styles_needed_by(&path("app"));
        assert_eq!(order, ["base.css", "b.css", "a.css", "app.css"].map(path));
        assert_eq!(graph.needed_by(&path("app")), ["b", "a", "base"].map(path));
    }
}
