//! How long a response may be kept by caches (RFC 9111).

use actix_web::http::header::HeaderValue;
use kiln_manifest::{Exposure, Mode};

/// How long a response may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Freshness {
    /// For ever: its URL has a fingerprint.
    Immutable,
    /// Until the next use, which revalidates it by its entity tag.
    Revalidate,
    /// Not at all, since the next request may get another answer.
    NoStore,
}

impl Freshness {
    /// In development no URL has a fingerprint, so none is immutable.
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
