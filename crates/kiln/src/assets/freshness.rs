//! Freshness of responses in caches (RFC 9111).

use actix_web::http::header::HeaderValue;
use kiln_manifest::{Exposure, Mode};

/// Time for which caches may reuse a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Freshness {
    /// For ever, since the URL has a fingerprint.
    Immutable,
    /// Until the next use, which revalidates it by its entity tag.
    Revalidate,
    /// Never, since the next request may get another response.
    NoStore,
}

impl Freshness {
    /// The freshness of an asset. In development no URL has a fingerprint, so none is immutable.
    pub(super) fn of(mode: Mode, exposure: Exposure) -> Self {
        match (mode, exposure) {
            (Mode::Release, Exposure::Hashed) => Self::Immutable,
            _ => Self::Revalidate,
        }
    }

    pub(super) fn cache_control(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Revalidate => "no-cache",
            Self::NoStore => "no-store",
        })
    }
}
