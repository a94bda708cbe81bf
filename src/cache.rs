//! Verdicts by content: the same bytes are predicted once.
//!
//! A verdict depends on nothing but the content, so an entry never expires; the oldest and least used ones are evicted
//! when there are too many.

use std::{future::Future, sync::Arc};

use metrics::{counter, gauge};
use moka::future::Cache;

use crate::identify::{ContentHash, IdentifyError, Verdict};

/// The capacity in verdicts; one takes some hundred bytes.
const ENTRIES: u64 = 10_000;

/// The verdicts of this process; clones are cheap and share them.
#[derive(Clone, Debug)]
pub struct Verdicts {
    by_content: Cache<ContentHash, Arc<Verdict>>,
}

impl Default for Verdicts {
    fn default() -> Self {
        Self { by_content: Cache::new(ENTRIES) }
    }
}

impl Verdicts {
    /// The verdict on this content, from `predict` when it is not cached yet. Of several callers with the same content
    /// only one predicts; the others wait for its result.
    ///
    /// # Errors
    /// As `predict`; a failure is not cached.
    pub async fn on(
        &self,
        content: ContentHash,
        predict: impl Future<Output = Result<Verdict, IdentifyError>>,
    ) -> Result<Arc<Verdict>, Arc<IdentifyError>> {
        let mut outcome = "hit";
        let verdict = self.by_content.try_get_with(content, async {
            outcome = "miss";
            predict.await.map(Arc::new)
        });
        let verdict = verdict.await;
        counter!("verdict_cache_requests_total", "outcome" => outcome).increment(1);
        verdict
    }

    /// Sets the gauge of cached verdicts.
    #[expect(clippy::cast_precision_loss, reason = "Prometheus knows no other numbers")]
    pub fn measure(&self) {
        gauge!("verdict_cache_entries").set(self.by_content.entry_count() as f64);
    }

    /// Removes every entry.
    pub async fn clear(self) {
        self.by_content.invalidate_all();
        self.by_content.run_pending_tasks().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identify::{
        Overloaded, Sampler,
        model_metadata::{ContentType, Nature},
    };

    fn content(text: &str) -> ContentHash {
        let mut sampler = Sampler::new(1);
        sampler.feed(text.as_bytes());
        sampler.finish().hash
    }

    fn verdict(label: &str) -> Verdict {
        let content_type = Arc::new(ContentType {
            label: label.to_owned(),
            description: String::new(),
            mime_type: String::new(),
            group: String::new(),
            nature: Nature::Text,
        });
        Verdict { content_type, score: 1.0, runners_up: Vec::new() }
    }

    async fn label(verdicts: &Verdicts, content: ContentHash, answer: &str) -> String {
        let verdict = verdicts.on(content, async { Ok(verdict(answer)) }).await.expect("a verdict");
        verdict.content_type.label.clone()
    }

    #[tokio::test]
    async fn cached_content_is_not_predicted_again_until_the_cache_is_cleared() {
        let verdicts = Verdicts::default();
        assert_eq!(label(&verdicts, content("a"), "first").await, "first");
        assert_eq!(label(&verdicts, content("a"), "second").await, "first");
        assert_eq!(label(&verdicts, content("b"), "other").await, "other");
        verdicts.clone().clear().await;
        assert_eq!(label(&verdicts, content("a"), "third").await, "third");
    }

    #[tokio::test]
    async fn a_failure_is_not_cached() {
        let verdicts = Verdicts::default();
        let failure = verdicts.on(content("a"), async { Err(Overloaded { waiting: 1 }.into()) }).await;
        assert!(failure.is_err(), "{failure:?}");
        assert_eq!(label(&verdicts, content("a"), "now").await, "now");
    }
}
