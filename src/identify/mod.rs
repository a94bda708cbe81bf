//! The domain: what is this file?
//!
//! A [`Sampler`] keeps the two ends of an upload while it streams past; [`Evidence`](features::Evidence)
//! is read from them; the [`Model`](model::Model) turns it into scores; a [`Verdict`] is what is said.
//! The [`Identifier`] takes that way on threads of its own. The way, and every rule on it, is that of the
//! reference implementation, to which `tests/corpus` holds it.

pub mod features;
mod identifier;
pub mod knowledge;
pub mod model;
mod sampler;
mod turns;
pub mod verdict;

pub use identifier::{Identifier, IdentifyError, LoadError, ModelFiles};
pub use sampler::{ContentHash, Sample, Sampler};
pub use turns::{Capacity, Overloaded};
pub use verdict::{Alternative, Verdict};

#[cfg(test)]
mod testing {
    use super::knowledge::Knowledge;

    /// The knowledge that is shipped.
    pub(super) fn knowledge() -> Knowledge {
        Knowledge::parse(
            include_bytes!("../../assets/model/config.min.json"),
            include_bytes!("../../assets/model/content_types_kb.min.json"),
        )
        .expect("the files in assets/model fit each other")
    }
}
