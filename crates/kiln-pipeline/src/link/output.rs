//! Outputs of the link stage.

use std::collections::BTreeSet;

use kiln_manifest::{Digest, Exposure, LogicalPath, Policy, Preload};

use crate::{compile::Demand, file_digest::FileDigest, source::Sources};

/// All outputs, and their sources.
#[derive(Debug)]
pub(crate) struct LinkedOutputs {
    pub(crate) outputs: Vec<Linked>,
    pub(crate) demands: Vec<Demand>,
    pub(crate) sources: Sources,
}

/// One output with its final bytes.
#[derive(Debug)]
pub(crate) struct Linked {
    pub(crate) path: LogicalPath,
    pub(crate) exposure: Exposure,
    pub(crate) url: Option<String>,
    /// The path in the output folder.
    pub(crate) file: String,
    pub(crate) media_type: String,
    pub(crate) body: Body,
    pub(crate) digest: Digest,
    /// Targets of the references in the content.
    pub(crate) refers_to: BTreeSet<LogicalPath>,
    /// URLs, in load order.
    pub(crate) imports: Vec<String>,
    pub(crate) preloads: Vec<Preload>,
    /// Sources that a page which holds or loads the output adds to its policy.
    pub(crate) policy: Policy,
}

/// The final content of an output.
#[derive(Debug)]
pub(crate) enum Body {
    Held(Vec<u8>),
    File(FileDigest),
}

impl Body {
    /// In bytes.
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::Held(bytes) => bytes.len() as u64,
            Self::File(file) => file.length,
        }
    }

    pub(super) fn digest(&self) -> Digest {
        match self {
            Self::Held(bytes) => Digest::of(bytes),
            Self::File(file) => file.digest,
        }
    }
}
