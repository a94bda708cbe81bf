//! The network: loaded once, run from any thread.

use std::{borrow::Cow, sync::Arc};

use rten::{Model as Network, NodeId, RunOptions, ThreadPool};
use rten_tensor::{NdTensor, prelude::*};

use super::model_input::Features;

/// A loaded network whose output has been seen to fit its labels.
#[derive(Debug)]
pub struct Model {
    network: Network,
    input: NodeId,
    output: NodeId,
    labels: usize,
}

/// A network that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// File that is not a network, or not one that can be run.
    #[error("invalid ONNX model; use the file of the model's release, unchanged")]
    Load(#[source] rten::LoadError),
    /// Input or output that the configuration describes and the network lacks.
    #[error("no `{0}` in the model; take the model and its configuration from one release")]
    Node(&'static str, #[source] rten::RunError),
    /// Run that failed.
    #[error("could not run the model")]
    Run(#[source] rten::RunError),
    /// Output that is not one score for each label.
    #[error(
        "unexpected output of the model: not {labels} scores; take the model and its configuration from one release"
    )]
    Shape {
        /// Scores that were expected.
        labels: usize,
    },
}

impl Model {
    /// Loads the network that answers with one score for each of `labels` labels. Bytes of the executable
    /// are parsed where they lie.
    ///
    /// # Errors
    /// When the bytes are no network, or its input or output is not of the expected kind.
    pub fn load(onnx: Cow<'static, [u8]>, labels: usize) -> Result<Self, ModelError> {
        let network = match onnx {
            Cow::Borrowed(bytes) => Network::load_static_slice(bytes),
            Cow::Owned(bytes) => Network::load(bytes),
        }
        .map_err(ModelError::Load)?;
        let node = |name| network.node_id(name).map_err(|cause| ModelError::Node(name, cause));
        let (input, output) = (node("bytes")?, node("target_label")?);
        Ok(Self { network, input, output, labels })
    }

    /// One score for each label, in the configuration's order, computed on `threads`.
    ///
    /// # Errors
    /// When the network fails, or answers with another number of scores.
    pub fn predict(&self, features: Features, threads: Arc<ThreadPool>) -> Result<Vec<f32>, ModelError> {
        let input = NdTensor::from_data([1, features.0.len()], features.0);
        let options = RunOptions::default().with_thread_pool(Some(threads));
        let outputs = self.network.run_n(vec![(self.input, input.into())], [self.output], Some(options));
        let [output] = outputs.map_err(ModelError::Run)?;
        let shape = ModelError::Shape { labels: self.labels };
        match NdTensor::<f32, 2>::try_from(output) {
            Ok(scores) if scores.shape() == [1, self.labels] => Ok(scores.into_data()),
            _ => Err(shape),
        }
    }
}
