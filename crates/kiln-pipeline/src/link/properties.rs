//! Properties of the link stage, tested on generated graphs of outputs.

use std::collections::{BTreeMap, BTreeSet};

use kiln_manifest::{Digest, Exposure, LogicalPath, Mode};
use proptest::{collection::vec, prelude::*, test_runner::RngSeed};

use super::{Body, Linked, link};
use crate::{
    Config,
    compile::{Compilation, Compiled, Content},
    reference::{Reference, ReferenceSite, References},
    source::Sources,
};

/// Outputs, each with its exposure, its text and the numbers of its targets.
#[derive(Clone, Debug)]
struct OutputGraph(Vec<Node>);

#[derive(Clone, Debug)]
struct Node {
    exposure: Exposure,
    text: u8,
    refers_to: Vec<usize>,
}

const EXPOSURES: [Exposure; 4] = [Exposure::Hashed, Exposure::Hashed, Exposure::Hashed, Exposure::Page];

fn graphs() -> impl Strategy<Value = OutputGraph> {
    let node = (0..EXPOSURES.len(), any::<u8>(), vec(any::<prop::sample::Index>(), 0..4));
    vec(node, 1..9).prop_map(|nodes| {
        let count = nodes.len();
        let node = |(exposure, text, refers_to): (usize, u8, Vec<prop::sample::Index>)| Node {
            exposure: EXPOSURES[exposure],
            text,
            refers_to: refers_to.into_iter().map(|index| index.index(count)).collect(),
        };
        OutputGraph(nodes.into_iter().map(node).collect())
    })
}

impl OutputGraph {
    fn path(&self, number: usize) -> LogicalPath {
        let extension = if self.0[number].exposure == Exposure::Page { "html" } else { "js" };
        LogicalPath::new(format!("n{number}.{extension}")).expect("a path")
    }

    /// A result of the compile stage, with the outputs in this order.
    fn compilation(&self, order: &[usize]) -> Compilation {
        let references = References::default();
        let mut outputs = Vec::new();
        for number in order {
            let node = &self.0[*number];
            let mut text = format!("{}:", node.text);
            for target in &node.refers_to {
                let is_page = node.exposure == Exposure::Page;
                let integrity = (is_page && self.0[*target].exposure == Exposure::Hashed)
                    .then(|| Reference::integrity(self.path(*target)));
                let url = Reference::url_with(self.path(*target), format!("#{}", node.text % 3));
                for reference in integrity.into_iter().chain([url]) {
                    text.extend(["[", &references.record(reference, ReferenceSite::Generated), "]"]);
                }
            }
            outputs.push(Compiled::new(self.path(*number), node.exposure, Content::Text(text)));
        }
        Compilation {
            outputs,
            references: references.into_table(),
            maps: BTreeMap::new(),
            demands: Vec::new(),
            sources: Sources::default(),
        }
    }

    fn linked(&self, order: &[usize]) -> BTreeMap<LogicalPath, (String, String)> {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("Cargo.toml"), "[package]\nname = \"fixture\"\n").expect("write");
        let out = folder.path().join("out");
        let config = Config::new(folder.path().to_owned(), out, Mode::Release).expect("configuration");
        let linked = link(&config, self.compilation(order)).expect("a valid graph").outputs;
        let named = |output: Linked| {
            let Body::Held(bytes) = output.body else { panic!("{} is text", output.path) };
            assert_eq!(output.digest, Digest::of(&bytes), "{}", output.path);
            (output.path, (output.url.expect("served"), String::from_utf8(bytes).expect("text")))
        };
        linked.into_iter().map(named).collect()
    }

    fn in_order(&self) -> BTreeMap<LogicalPath, (String, String)> {
        self.linked(&(0..self.0.len()).collect::<Vec<_>>())
    }

    /// Outputs whose bytes depend on the content of `changed`: through hashed URLs, and through integrity metadata.
    fn affected_by(&self, changed: usize) -> BTreeSet<LogicalPath> {
        let mut affected = BTreeSet::from([changed]);
        loop {
            let more = (0..self.0.len()).filter(|number| {
                let named = |target: &usize| self.0[*target].exposure == Exposure::Hashed;
                self.0[*number].refers_to.iter().any(|target| affected.contains(target) && named(target))
            });
            let before = affected.len();
            affected.extend(more.collect::<Vec<_>>());
            if affected.len() == before {
                return affected.into_iter().map(|number| self.path(number)).collect();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(0x6b69_6c6e),
        ..ProptestConfig::with_cases(200)
    })]

    #[test]
    fn a_name_changes_exactly_when_the_bytes_change_and_so_do_the_names_of_its_referrers(
        graph in graphs(),
        which in any::<prop::sample::Index>(),
    ) {
        let changed = which.index(graph.0.len());
        let mut other = graph.clone();
        // Another text of the same length, with the same fragment in its references.
        other.0[changed].text = other.0[changed].text.wrapping_add(if graph.0[changed].text < 250 { 3 } else { 253 });
        let (before, after) = (graph.in_order(), other.in_order());
        let affected = graph.affected_by(changed);
        for (path, (url, bytes)) in &before {
            let (url_after, bytes_after) = &after[path];
            prop_assert_eq!(bytes != bytes_after, affected.contains(path), "{} of {:?}", path, &affected);
            if path.extension() == Some("js") {
                prop_assert_eq!(url != url_after, bytes != bytes_after, "{}", path);
            } else {
                prop_assert_eq!(url, url_after);
            }
        }
    }

    #[test]
    fn the_order_of_compilation_does_not_change_the_output(
        (graph, order) in graphs().prop_flat_map(|graph| {
            let order: Vec<usize> = (0..graph.0.len()).collect();
            (Just(graph), Just(order).prop_shuffle())
        }),
    ) {
        prop_assert_eq!(graph.linked(&order), graph.in_order());
    }

    #[test]
    fn every_reference_is_resolved_to_the_url_of_its_target(graph in graphs()) {
        let linked = graph.in_order();
        for (number, node) in graph.0.iter().enumerate() {
            let (_, bytes) = &linked[&graph.path(number)];
            prop_assert!(!bytes.contains("__kiln_"), "{}", bytes);
            for target in &node.refers_to {
                let (url, content) = &linked[&graph.path(*target)];
                let expected = format!("[{url}#{}]", node.text % 3);
                prop_assert!(bytes.contains(&expected), "{} is missing in {}", expected, bytes);
                if node.exposure == Exposure::Page && graph.0[*target].exposure == Exposure::Hashed {
                    let integrity = Digest::of(content.as_bytes()).integrity();
                    prop_assert!(bytes.contains(&integrity), "{} is missing in {}", integrity, bytes);
                }
            }
        }
    }
}
