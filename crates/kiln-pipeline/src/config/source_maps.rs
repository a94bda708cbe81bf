//! `source-maps` in `[package.metadata.kiln]`.

use serde::Deserialize;

/// The treatment of source maps. A map is never served as immutable: it holds the sources, which may change while the
/// script does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceMaps {
    /// No source maps.
    None,
    /// Embedded as private files, for export to an error tracker; neither named by scripts nor served.
    Hidden,
    /// Served, and named by the scripts; in development by the style sheets as well.
    Linked,
}
