//! The state of the link stage: outputs, and the names that are decided so far.

use std::collections::{BTreeMap, BTreeSet};

use kiln_manifest::{Digest, LogicalPath};

use super::check::Index;
use crate::{
    Config,
    compile::{Compiled, Content},
    link::output::Body,
    reference::ReferenceTable,
};

pub(super) struct Linker<'a> {
    pub(super) config: &'a Config,
    pub(super) outputs: &'a [Compiled],
    pub(super) index: &'a Index<'a>,
    pub(super) references: &'a ReferenceTable,
    /// The outputs that have a source map.
    pub(super) maps: BTreeSet<LogicalPath>,
    /// Named outputs, by position.
    pub(super) done: BTreeMap<usize, Named>,
}

/// The name of an output, and its content with all references written.
pub(super) struct Named {
    pub(super) url: Option<String>,
    pub(super) file: String,
    pub(super) content: Substituted,
    /// Of the final content.
    pub(super) digest: Digest,
}

/// Compiled content after substitution.
pub(super) enum Substituted {
    /// A file without references.
    Unchanged,
    Text(String),
}

impl Substituted {
    pub(super) fn digest(&self, compiled: &Content) -> Digest {
        match (self, compiled) {
            (Self::Text(text), _) | (Self::Unchanged, Content::Text(text)) => Digest::of(text.as_bytes()),
            (Self::Unchanged, Content::File(file)) => file.digest,
        }
    }

    pub(super) fn into_body(self, compiled: Content) -> Body {
        match (self, compiled) {
            (Self::Text(text), _) | (Self::Unchanged, Content::Text(text)) => Body::Held(text.into_bytes()),
            (Self::Unchanged, Content::File(file)) => Body::File(file),
        }
    }
}
