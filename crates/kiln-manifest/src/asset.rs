//! One output of a build, in every form in which it is served.

use serde::{Deserialize, Serialize};

use crate::{Coding, Digest, LogicalPath, Place, Policy, Preload};

/// One output of a build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asset {
    /// Name by which people know the asset: `app.css`, `docs/index.html`.
    pub path: LogicalPath,
    /// Exposure to browsers.
    pub exposure: Exposure,
    /// Absolute path of the asset: `/assets/app-0123456789abcdef.css`, `/docs/`. None when private.
    pub url: Option<String>,
    /// The value of `Content-Type`.
    pub media_type: String,
    /// Build from which the asset comes.
    #[serde(rename = "origin")]
    pub release: Release,
    /// Representations, identity first, then in the order of [`Coding`]; never empty.
    pub variants: Vec<Variant>,
    /// URLs of the static imports of a script, or of the scripts and styles of a page, in load order.
    pub imports: Vec<String>,
    /// Scripts and style sheets that browsers may fetch before they have read the page, in load order; for a script or
    /// style sheet that is an entry, everything that a page loads for it, itself last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preloads: Vec<Preload>,
    /// Fields of responses besides those that the server writes, with names in lower case, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// Sources that a page which holds or loads the asset adds to the policy of the site.
    #[serde(default, skip_serializing_if = "Policy::is_empty")]
    pub policy: Policy,
}

/// Exposure of an asset to browsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exposure {
    /// A page under a pretty URL, revalidated by its entity tag.
    Page,
    /// Under a URL with a fingerprint, immutable.
    Hashed,
    /// Under a name without a fingerprint (`/robots.txt`, a source map), revalidated by its entity tag.
    Verbatim,
    /// Embedded for the application, never served.
    Private,
}

impl Exposure {
    /// Whether the URL of an asset may have the origin of hashed assets. Members of a web app manifest have to be of the
    /// manifest's own origin (W3C Web Application Manifest §1.5).
    #[must_use]
    pub fn takes_origin(self, media_type: &str) -> bool {
        self == Self::Hashed && !media_type.starts_with("application/manifest+json")
    }
}

/// Build from which an asset comes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Release {
    /// The build that wrote the manifest.
    #[default]
    Current,
}

/// One representation of an asset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Variant {
    /// Coding of the bytes.
    pub coding: Coding,
    /// Name of the file that holds the bytes, or would hold them outside of a pack, relative to the folder of the
    /// manifest.
    pub file: String,
    /// Length in bytes.
    pub length: u64,
    /// SHA-256 of the bytes.
    pub digest: Digest,
    /// Place of the bytes.
    #[serde(default, skip_serializing_if = "Place::is_file")]
    pub place: Place,
}

impl Asset {
    /// The representation with this coding.
    #[must_use]
    pub fn variant(&self, coding: Coding) -> Option<&Variant> {
        self.variants.iter().find(|variant| variant.coding == coding)
    }
}
