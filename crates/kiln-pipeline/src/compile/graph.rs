//! The graph of scripts: static imports, and the style sheets that they bring.

use std::collections::{BTreeMap, BTreeSet};

use kiln_manifest::LogicalPath;

/// The imports of each script, and the style sheets that they bring.
#[derive(Debug, Default)]
pub(super) struct Graph {
    /// In the order in which they run.
    pub(super) imports: BTreeMap<LogicalPath, Vec<LogicalPath>>,
    /// Of each script that has one, after those of its imports.
    pub(super) styles: BTreeMap<LogicalPath, LogicalPath>,
}

impl Graph {
    /// Everything that `script` needs before it runs, without itself, each once, importers first.
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

    /// The style sheets of `script` and of all that it needs, in the order in which they have to be
    /// linked: that of the imports, what is imported before what imports it.
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
    fn styles_are_linked_in_the_order_in_which_scripts_run() {
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
