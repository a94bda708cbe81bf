//! Agreement with the reference implementation, on a committed set of files.

use std::{collections::BTreeMap, fs, path::PathBuf};

use serde::Deserialize;
use whatsit::identify::{Capacity, Identifier, ModelFiles, Verdict};

/// Verdict of the reference implementation on a file; see `tests/corpus/reference.py`.
#[derive(Deserialize)]
struct Expected {
    label: String,
    score: f64,
}

const SCORE_TOLERANCE: f64 = 1e-3;

/// The network takes the variance of a row as E[x²] − E[x]². Where a row hardly varies (these files are all
/// padding, or ASCII characters with a zero between) that cancels four of seven digits, so that the rest depends
/// on the order in which a library sums. The label does not.
const ILL_CONDITIONED: [&str; 2] = ["eight-bytes", "utf-16.txt"];
const ILL_CONDITIONED_TOLERANCE: f64 = 5e-3;

fn folder(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn identifier() -> Identifier {
    let file = |name| fs::read(folder("assets/model").join(name)).expect(name).into();
    let files = ModelFiles {
        network: file("model.onnx"),
        configuration: file("config.min.json"),
        content_types: file("content_types_kb.min.json"),
    };
    Identifier::load(files, Capacity::of_this_machine(100)).expect("the model loads")
}

async fn verdict(identifier: &Identifier, content: &[u8], chunk: usize) -> Verdict {
    let mut sampler = identifier.sampler();
    for chunk in content.chunks(chunk) {
        sampler.feed(chunk);
    }
    identifier.identify(&sampler.finish()).await.expect("a verdict")
}

fn tolerance(name: &str) -> f64 {
    if ILL_CONDITIONED.contains(&name) { ILL_CONDITIONED_TOLERANCE } else { SCORE_TOLERANCE }
}

#[tokio::test]
async fn verdicts_agree_with_the_reference_on_every_file_of_the_corpus() {
    let corpus = folder("tests/corpus");
    let expected = fs::read(corpus.join("expected.json")).expect("expected.json");
    let mut expected: BTreeMap<String, Expected> = serde_json::from_slice(&expected).expect("expected.json");
    assert!(expected.len() >= 45, "the corpus shrank to {} files", expected.len());
    let identifier = identifier();
    let mut disagreements = Vec::new();
    for file in fs::read_dir(corpus.join("files")).expect("the files") {
        let file = file.expect("a file");
        let name = file.file_name().into_string().expect("a name in UTF-8");
        let content = fs::read(file.path()).expect("its content");
        let reference = expected.remove(&name).unwrap_or_else(|| panic!("run reference.py: it lacks {name}"));
        let verdict = verdict(&identifier, &content, 1000).await;
        let label = &verdict.content_type.label;
        if *label != reference.label || (verdict.score - reference.score).abs() > tolerance(&name) {
            let (score, label_there, score_there) = (verdict.score, reference.label, reference.score);
            disagreements.push(format!("{name}: {label} {score}, not {label_there} {score_there}"));
        }
    }
    assert!(disagreements.is_empty(), "{disagreements:#?}");
    assert!(expected.is_empty(), "files are missing: {:?}", expected.keys());
}

#[tokio::test]
async fn a_verdict_is_independent_of_the_chunks_of_an_upload() {
    let identifier = identifier();
    let content = fs::read(folder("tests/corpus/files/rounding.rs")).expect("a file of several blocks");
    let whole = verdict(&identifier, &content, usize::MAX).await;
    for chunk in [1, 4095, 4096, 4097] {
        assert_eq!(verdict(&identifier, &content, chunk).await, whole, "in chunks of {chunk}");
    }
}
