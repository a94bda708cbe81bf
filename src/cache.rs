//! Verdicts by content: the same bytes are predicted once.
//!
//! A verdict depends on nothing but the content, so an entry never has to be made anew; the oldest and
//! least asked for leave when there are too many.

use std::sync::Arc;

use moka::future::Cache;

use crate::identify::{ContentHash, Identifier, IdentifyError, Sample, Verdict};

/// How many verdicts are held; one takes some hundred bytes.
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
    /// The verdict on `sample`, from `identifier` when it is not known yet. Of several callers with the
    /// same content only one asks; the others wait for its answer.
    ///
    /// # Errors
    /// As [`Identifier::identify`]; a failure is not kept.
    pub async fn on(
        &self,
        sample: &Sample,
        identifier: &Identifier,
    ) -> Result<Arc<Verdict>, Arc<IdentifyError>> {
        let verdict = async { identifier.identify(sample).await.map(Arc::new) };
        self.by_content.try_get_with(sample.hash, verdict).await
    }

    /// Forgets everything.
    pub async fn clear(&self) {
        self.by_content.invalidate_all();
        self.by_content.run_pending_tasks().await;
    }
}
