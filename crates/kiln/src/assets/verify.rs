//! Whether the executable holds what its manifest says.

use kiln_manifest::{Digest, LogicalPath, Variant};

use super::{Assets, table::Table};

/// What an audit of all embedded files found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// How many files the manifest names.
    pub files: usize,
    /// How many bytes they have together.
    pub bytes: u64,
    /// What is wrong, in the order of the manifest.
    pub faults: Vec<Fault>,
}

/// One file that is not what the manifest says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file is not there.
    #[error("{file} of {path} is missing")]
    Missing {
        /// The asset.
        path: LogicalPath,
        /// Its file.
        file: String,
    },
    /// The file has other bytes.
    #[error("{file} of {path} has the SHA-256 {found}, where the manifest says {expected}")]
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
