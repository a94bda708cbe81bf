//! An audit of the embedded files against the manifest.

use kiln_manifest::{Digest, LogicalPath, Variant};

use super::{Assets, table::Table};

/// Result of an audit of all embedded files.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// Number of files that the manifest names.
    pub files: usize,
    /// Their total length, in bytes.
    pub bytes: u64,
    /// Files that differ, in the order of the manifest.
    pub faults: Vec<Fault>,
}

/// A file that differs from the manifest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file is missing.
    #[error("{file} of {path} is missing")]
    Missing {
        /// The asset.
        path: LogicalPath,
        /// Its file.
        file: String,
    },
    /// The file has other bytes.
    #[error("{file} of {path} has the SHA-256 {found}, expected {expected}")]
    Changed {
        /// The asset.
        path: LogicalPath,
        /// Its file.
        file: String,
        /// The digest in the manifest.
        expected: Digest,
        /// The digest of the bytes.
        found: Digest,
    },
}

impl Assets {
    /// Hashes every embedded file again, private ones included, and compares with the manifest.
    #[must_use]
    pub fn verify(&self) -> Audit {
        let table = self.resolver.table();
        let mut audit = Audit::default();
        for asset in &table.manifest().assets {
            for variant in &asset.variants {
                audit.files += 1;
                audit.bytes += variant.length;
                audit.faults.extend(fault(&table, &asset.path, variant));
            }
        }
        audit
    }
}

fn fault(table: &Table, path: &LogicalPath, variant: &Variant) -> Option<Fault> {
    let (path, file, expected) = (path.clone(), variant.file.clone(), variant.digest);
    let Some(contents) = table.read(variant) else {
        return Some(Fault::Missing { path, file });
    };
    let found = Digest::of(&contents);
    (found != expected).then_some(Fault::Changed { path, file, expected, found })
}
