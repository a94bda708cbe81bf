//! Digests of a bundle's modules, recorded as the bundler reads them.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use kiln_manifest::Digest;

use crate::file_digest::digest;

/// Files with the digests of their contents.
pub(super) type FileDigests = BTreeMap<PathBuf, Digest>;

/// The digests of modules that were read, shared with the threads of the bundler.
#[derive(Clone, Debug, Default)]
pub(super) struct ModuleDigests(Arc<Mutex<FileDigests>>);

impl ModuleDigests {
    /// Records a file before it is read: a change in between is then found at the next build.
    pub(super) fn record(&self, file: &Path) {
        if let Some(digest) = digest(file) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(file.to_owned(), digest);
        }
    }

    pub(super) fn take(&self) -> FileDigests {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
