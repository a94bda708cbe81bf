//! The domain: the content type of a file.
//!
//! A [`Sampler`] keeps the two ends of an upload while it streams past; [`ModelInput`](model_input::ModelInput)
//! is read from them; the [`Model`](model::Model) turns it into scores, and those become a [`Verdict`]. The
//! [`Identifier`] does so on threads of its own. Every rule is that of the reference implementation, to which
//! `tests/corpus` holds it.

mod sampler;

pub mod model_metadata;

pub mod model_input;

pub mod model;

pub mod verdict;

mod prediction_pool;

mod identifier;

pub use identifier::{Identifier, IdentifyError, LoadError, ModelFiles};
pub use prediction_pool::{Capacity, Overloaded};
pub use sampler::{ContentHash, Sample, Sampler};
pub use verdict::{RunnerUp, Verdict};

#[cfg(test)]
mod testing {
    use super::model_metadata::ModelMetadata;

    /// Metadata of the model that is shipped.
    pub(super) fn metadata() -> ModelMetadata {
        ModelMetadata::parse(
            include_bytes!("../../assets/model/config.min.json"),
            include_bytes!("../../assets/model/content_types_kb.min.json"),
        )
        .expect("the files in assets/model fit each other")
    }
}
