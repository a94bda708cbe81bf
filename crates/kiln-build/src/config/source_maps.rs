//! What becomes of source maps.

use kiln_manifest::Mode;
use serde::Deserialize;

use super::Config;

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

impl Config {
    /// What becomes of source maps in this build.
    #[must_use]
    pub fn source_maps(&self) -> SourceMaps {
        self.options.source_maps.unwrap_or(match self.mode {
            Mode::Dev => SourceMaps::Linked,
            Mode::Release => SourceMaps::None,
        })
    }
}
