//! One thing that a build made, in every form in which it can be had.

use serde::{Deserialize, Serialize};

use crate::{Coding, Digest, LogicalPath, Place, Preload};

/// One asset of a build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// The name by which people know it: `app.css`, `docs/index.html`.
    pub path: LogicalPath,
    /// Whether and how it is served.
    pub exposure: Exposure,
    /// Where it is served, an absolute path: `/assets/app-0123456789abcdef.css`, `/docs/`. None when
    /// private.
    pub url: Option<String>,
    /// The value of `Content-Type`.
    pub media_type: String,
    /// Which build it comes from.
    pub origin: Origin,
    /// Its representations, identity first, then in the order of [`Coding`]; never empty.
    pub variants: Vec<Variant>,
    /// URLs of the static imports of a script, or of the scripts and styles of a page, in load order.
    pub imports: Vec<String>,
    /// What browsers may fetch for a page before they have read it, in load order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preloads: Vec<Preload>,
    /// Fields of its responses besides those that the server writes, with names in lower case, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// What a page's Content-Security-Policy must allow by hash.
    pub inline: InlineHashes,
}

/// Whether and how an asset is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exposure {
    /// A page under a pretty URL, revalidated by its entity tag.
    Page,
    /// Under a URL with a fingerprint, immutable.
    Hashed,
    /// Under a name that does not tell its content (`/robots.txt`, a source map), revalidated by its entity
    /// tag.
    Verbatim,
    /// Embedded for the application, never served.
    Private,
}

/// Which build an asset comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Origin {
    /// This one.
    #[default]
    Current,
}

/// One representation of an asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// How its bytes are coded.
    pub coding: Coding,
    /// The name of the file that holds them, or would if it were one, relative to the folder of the manifest.
    pub file: String,
    /// How many bytes.
    pub length: u64,
    /// Their SHA-256.
    pub digest: Digest,
    /// Where they lie.
    #[serde(default, skip_serializing_if = "Place::is_file")]
    pub place: Place,
}

/// CSP hash sources, without their quotes: `sha256-…` (CSP Level 3 §2.3.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InlineHashes {
    /// For `script-src`.
    pub scripts: Vec<String>,
    /// For `style-src`.
    pub styles: Vec<String>,
    /// For `style-src-attr`, where hashes need `'unsafe-hashes'` beside them (CSP Level 3 §8.3).
    #[serde(default)]
    pub style_attributes: Vec<String>,
}

impl Asset {
    /// The representation with this coding.
    #[must_use]
    pub fn variant(&self, coding: Coding) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.coding == coding)
    }
}
