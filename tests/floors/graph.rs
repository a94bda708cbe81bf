//! Files of a package and the names by which each needs others.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};

use crate::tree::Tree;

/// Names by which a file needs others, by the two files.
pub(crate) struct Graph {
    pub(crate) edges: BTreeMap<PathBuf, BTreeMap<PathBuf, BTreeSet<String>>>,
}

impl Graph {
    pub(crate) fn of(tree: &Tree) -> Self {
        let mut edges = BTreeMap::<PathBuf, BTreeMap<_, BTreeSet<_>>>::new();
        for (id, module) in tree.modules.iter().enumerate() {
            let needed = edges.entry(module.file.clone()).or_default();
            for (definer, name) in tree.needs(id) {
                let definer = &tree.modules[definer].file;
                if *definer != module.file {
                    needed.entry(definer.clone()).or_default().insert(name);
                }
            }
        }
        Self { edges }
    }

    /// Strongly connected components of more than one file, by Tarjan's algorithm.
    pub(crate) fn circles(&self) -> Vec<BTreeSet<&PathBuf>> {
        let mut search =
            Search { graph: self, indices: BTreeMap::new(), open: Vec::new(), circles: Vec::new() };
        for file in self.edges.keys() {
            if !search.indices.contains_key(file) {
                search.visit(file);
            }
        }
        search.circles
    }

    /// Lines `one → other by Name, Name` for the edges among `files`.
    pub(crate) fn ties(&self, files: &BTreeSet<&PathBuf>) -> String {
        let edges =
            files.iter().flat_map(|from| self.edges[*from].iter().map(move |(to, names)| (from, to, names)));
        edges.filter(|(_, to, _)| files.contains(to)).fold(String::new(), |lines, (from, to, names)| {
            let names = names.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            format!("{lines}  {} → {} by {names}\n", from.display(), to.display())
        })
    }
}

/// State of a depth-first search.
struct Search<'a> {
    graph: &'a Graph,
    /// Indices of the visited files, in the order of the visits.
    indices: BTreeMap<&'a PathBuf, usize>,
    open: Vec<&'a PathBuf>,
    circles: Vec<BTreeSet<&'a PathBuf>>,
}

impl<'a> Search<'a> {
    /// Lowest index of an open file that `file` reaches.
    fn visit(&mut self, file: &'a PathBuf) -> usize {
        let index = self.indices.len();
        let mut lowest = index;
        self.indices.insert(file, index);
        self.open.push(file);
        for needed in self.graph.edges[file].keys() {
            match self.indices.get(needed) {
                None => lowest = lowest.min(self.visit(needed)),
                Some(index) if self.open.contains(&needed) => lowest = lowest.min(*index),
                Some(_) => {}
            }
        }
        if lowest == index {
            self.close(file);
        }
        lowest
    }

    fn close(&mut self, file: &PathBuf) {
        let start = self.open.iter().rposition(|open| *open == file).unwrap_or_default();
        let component: BTreeSet<_> = self.open.drain(start..).collect();
        if component.len() > 1 {
            self.circles.push(component);
        }
    }
}
