//! From scores to a verdict.

use std::sync::Arc;

use super::model_metadata::{ContentType, Label, ModelMetadata};

/// Answer about a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Kind of the file.
    pub content_type: Arc<ContentType>,
    /// Certainty from 0 to 1; 1 where a rule decides instead of the network.
    pub score: f64,
    /// Runners-up, best first.
    pub runners_up: Vec<RunnerUp>,
}

/// A runner-up.
#[derive(Clone, Debug, PartialEq)]
pub struct RunnerUp {
    /// Kind that the file would be.
    pub content_type: Arc<ContentType>,
    /// Certainty from 0 to 1.
    pub score: f64,
}

/// Runners-up that a verdict has at most.
const RUNNERS_UP: usize = 4;
/// Score below which a runner-up is noise of the network.
const LEAST_SCORE: f32 = 0.0005;

impl Verdict {
    /// On a file without a byte.
    #[must_use]
    pub fn on_nothing(metadata: &ModelMetadata) -> Self {
        Self::by_rule(&metadata.empty)
    }

    /// On a file with too few bytes for the network: text when they are UTF-8.
    #[must_use]
    pub fn on_few(bytes: &[u8], metadata: &ModelMetadata) -> Self {
        Self::by_rule(match std::str::from_utf8(bytes) {
            Ok(_) => &metadata.text,
            Err(_) => &metadata.unknown,
        })
    }

    /// On the network's scores, one for each label of `metadata`.
    #[must_use]
    pub fn on_scores(scores: &[f32], metadata: &ModelMetadata) -> Self {
        let mut ranking: Vec<(&Label, f32)> = metadata.labels.iter().zip(scores.iter().copied()).collect();
        // Stable, so that of equal scores the first label wins, as in the reference implementation.
        ranking.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let Some(((best, score), others)) = ranking.split_first().map(|(first, others)| (*first, others))
        else {
            return Self::by_rule(&metadata.unknown);
        };
        // A guess that is not believed stands at the head of the runners-up.
        let (content_type, ranking) = if f64::from(score) >= best.threshold {
            (&best.confident, others)
        } else {
            (&best.doubtful, ranking.as_slice())
        };
        Self {
            content_type: Arc::clone(content_type),
            score: rounded(score),
            runners_up: runners_up(ranking, content_type),
        }
    }

    fn by_rule(content_type: &Arc<ContentType>) -> Self {
        Self { content_type: Arc::clone(content_type), score: 1.0, runners_up: Vec::new() }
    }
}

fn runners_up(ranking: &[(&Label, f32)], verdict: &ContentType) -> Vec<RunnerUp> {
    ranking
        .iter()
        .filter(|(label, score)| *score >= LEAST_SCORE && label.predicted.label != verdict.label)
        .take(RUNNERS_UP)
        .map(|(label, score)| RunnerUp { content_type: Arc::clone(&label.predicted), score: rounded(*score) })
        .collect()
}

/// The score to six digits: the others are noise, and read badly on the wire.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e6).round() / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identify::testing;

    /// Verdict on `scores`, with zero for all other labels.
    fn on(scores: &[(&str, f32)]) -> Verdict {
        let metadata = testing::metadata();
        let place = |label: &Label| scores.iter().find(|(name, _)| *name == label.predicted.label);
        let scores: Vec<f32> =
            metadata.labels.iter().map(|label| place(label).map_or(0.0, |(_, s)| *s)).collect();
        Verdict::on_scores(&scores, &metadata)
    }

    fn labels(verdict: &Verdict) -> Vec<&str> {
        verdict.runners_up.iter().map(|runner_up| runner_up.content_type.label.as_str()).collect()
    }

    #[test]
    fn a_score_at_the_threshold_is_accepted() {
        let verdict = on(&[("markdown", 0.75), ("rst", 0.2), ("txt", 0.05)]);
        assert_eq!((verdict.content_type.label.as_str(), labels(&verdict)), ("markdown", vec!["rst", "txt"]));
    }

    #[test]
    fn a_score_below_the_threshold_is_text_or_unknown_with_the_guess_as_a_runner_up() {
        let text = on(&[("markdown", 0.7499), ("rst", 0.2), ("txt", 0.05)]);
        assert_eq!((text.content_type.label.as_str(), labels(&text)), ("txt", vec!["markdown", "rst"]));
        let binary = on(&[("zip", 0.4), ("jar", 0.3)]);
        assert_eq!((binary.content_type.label.as_str(), labels(&binary)), ("unknown", vec!["zip", "jar"]));
    }

    #[test]
    fn overwritten_labels_are_never_the_verdict() {
        let verdict = on(&[("randombytes", 0.9), ("randomtxt", 0.1)]);
        assert_eq!(verdict.content_type.label, "unknown");
        assert_eq!(on(&[("randomtxt", 0.9)]).content_type.label, "txt");
    }

    #[test]
    fn runners_up_are_few_and_have_a_score() {
        let verdict =
            on(&[("c", 0.9), ("cpp", 0.04), ("cs", 0.03), ("go", 0.02), ("java", 0.01), ("php", 0.009)]);
        assert_eq!(labels(&verdict), ["cpp", "cs", "go", "java"]);
        assert_eq!(labels(&on(&[("c", 0.9999)])), Vec::<&str>::new());
    }
}
