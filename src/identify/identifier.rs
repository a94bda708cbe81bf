//! The way from a sample to its verdict, off the threads that answer requests.

use std::{borrow::Cow, sync::Arc, time::Instant};

use metrics::histogram;
use tokio::task;

use super::{
    model::{Model, ModelError},
    model_input::{Features, ModelInput},
    model_metadata::{ModelMetadata, ModelMetadataError},
    prediction_pool::{Capacity, Overloaded, PredictionPool},
    sampler::{Sample, Sampler},
    verdict::Verdict,
};

/// The model and its threads; clones are cheap and share them.
#[derive(Clone, Debug)]
pub struct Identifier {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    model: Model,
    metadata: ModelMetadata,
    pool: PredictionPool,
}

/// The files of one release of the model.
#[derive(Debug)]
pub struct ModelFiles {
    /// `model.onnx`.
    pub network: Cow<'static, [u8]>,
    /// `config.min.json`.
    pub configuration: Cow<'static, [u8]>,
    /// `content_types_kb.min.json`.
    pub content_types: Cow<'static, [u8]>,
}

/// A model that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Metadata that does not parse or fit.
    #[error(transparent)]
    Metadata(#[from] ModelMetadataError),
    /// A network that does not load or fit.
    #[error(transparent)]
    Model(#[from] ModelError),
}

/// No verdict.
#[derive(Debug, thiserror::Error)]
pub enum IdentifyError {
    /// Too many files wait.
    #[error(transparent)]
    Overloaded(#[from] Overloaded),
    /// The network failed.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The prediction panicked, or the process is stopping.
    #[error("the prediction did not end")]
    Aborted(#[from] task::JoinError),
}

impl Identifier {
    /// Loads the model and has it answer once, which shows that its files fit each other.
    ///
    /// The trial computes for some milliseconds, so it does not belong on a thread that answers requests.
    ///
    /// # Errors
    /// When a file does not parse, or they do not fit each other.
    pub fn load(files: ModelFiles, capacity: Capacity) -> Result<Self, LoadError> {
        let metadata = ModelMetadata::parse(&files.configuration, &files.content_types)?;
        let model = Model::load(files.network, metadata.labels.len())?;
        let trial = Features::padding(&metadata.sizes);
        model.predict(trial, Arc::new(rten::ThreadPool::with_num_threads(1)))?;
        Ok(Self { shared: Arc::new(Shared { model, metadata, pool: PredictionPool::new(capacity) }) })
    }

    /// A sampler that keeps as much of a file as the model reads.
    #[must_use]
    pub fn sampler(&self) -> Sampler {
        Sampler::new(self.shared.metadata.sizes.block)
    }

    /// Verdict on the sampled file.
    ///
    /// # Errors
    /// When too many wait for a verdict already, or the model fails.
    pub async fn identify(&self, sample: &Sample) -> Result<Verdict, IdentifyError> {
        let metadata = &self.shared.metadata;
        match ModelInput::of(sample, &metadata.sizes) {
            ModelInput::Nothing => Ok(Verdict::on_nothing(metadata)),
            ModelInput::Few(bytes) => Ok(Verdict::on_few(bytes, metadata)),
            ModelInput::Enough(features) => self.predict(features).await,
        }
    }

    /// The permit goes with the work, not with the caller: when a client leaves, its prediction still ends,
    /// and until then it counts.
    async fn predict(&self, features: Features) -> Result<Verdict, IdentifyError> {
        let permit = self.shared.pool.acquire().await?;
        let shared = Arc::clone(&self.shared);
        let prediction = task::spawn_blocking(move || {
            let started = Instant::now();
            let scores = shared.model.predict(features, permit.threads())?;
            histogram!("model_prediction_seconds").record(started.elapsed());
            Ok(Verdict::on_scores(&scores, &shared.metadata))
        });
        prediction.await?
    }
}
