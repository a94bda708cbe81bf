//! `source-maps` of `[package.metadata.kiln]`.

use serde::Deserialize;

/// `source-maps` of `[package.metadata.kiln]`. A map is never immutable: it holds the sources as they were
/// written, which may change where the script does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceMaps {
    /// There are none.
    None,
    /// Embedded as private files for those who export them, to a collector of errors for instance; no
    /// script names them, and they are not served.
    Hidden,
    /// Served, and named by the scripts; by the style sheets too while developing.
    Linked,
}
