//! What stands behind one URL: its representations, each with its head ready to be sent.

use std::cmp::Reverse;

use actix_web::{
    http::header::{
        ACCEPT_RANGES, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderName, HeaderValue, LINK,
        VARY,
    },
    web::Bytes,
};
use kiln_manifest::{Asset, Coding, Exposure, Mode, Variant};

use super::{
    AssetsError,
    accept_encoding::AcceptEncoding,
    embedded::{Contents, Unreadable, into_bytes},
    preload,
    security::{self, Field},
};

/// How long a response may be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Freshness {
    /// Its URL will never mean anything else.
    Immutable,
    /// Asked about at each use, by its entity tag.
    Revalidate,
    /// Not at all: what it says may be wrong a second later.
    NoStore,
}

/// What stands behind one URL.
pub(super) struct Resource {
    /// Identity first; never empty.
    representations: Box<[Representation]>,
}

/// One form of a resource.
pub(super) struct Representation {
    coding: Coding,
    /// Its bytes.
    pub(super) body: Bytes,
    /// Its strong entity tag.
    pub(super) etag: HeaderValue,
    /// The head of a response that carries it.
    pub(super) head: Box<[Field]>,
    /// The head of the response that says that it has not changed (RFC 9110 §15.4.5).
    pub(super) unchanged: Box<[Field]>,
}

impl Freshness {
    /// In development no URL has a fingerprint, so none is immutable.
    pub(super) fn of(mode: Mode, exposure: Exposure) -> Self {
        match (mode, exposure) {
            (Mode::Release, Exposure::Hashed) => Self::Immutable,
            _ => Self::Revalidate,
        }
    }

    fn cache_control(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Immutable => "public, max-age=31536000, immutable",
            Self::Revalidate => "no-cache",
            Self::NoStore => "no-store",
        })
    }
}

impl Resource {
    pub(super) fn of(
        asset: &Asset,
        mode: Mode,
        freshness: Freshness,
        contents: &Contents,
    ) -> Result<Self, AssetsError> {
        if asset.variants.first().is_none_or(|first| first.coding != Coding::Identity) {
            return Err(AssetsError::NoIdentity { path: asset.path.clone() });
        }
        let shared = shared_fields(asset, mode, freshness)?;
        let representations = asset
            .variants
            .iter()
            .map(|variant| Representation::of(asset, variant, &shared, freshness, contents))
            .collect::<Result<_, _>>()?;
        Ok(Self { representations })
    }

    pub(super) fn identity(&self) -> &Representation {
        &self.representations[0]
    }

    /// The representation that the client prefers, and of those that it likes equally the smallest; none
    /// when it refuses all.
    pub(super) fn negotiate(&self, accepted: &AcceptEncoding) -> Option<&Representation> {
        self.representations
            .iter()
            .filter_map(|candidate| Some((accepted.weight(candidate.coding)?, candidate)))
            .max_by_key(|(weight, candidate)| (*weight, Reverse(candidate.body.len())))
            .map(|(_, chosen)| chosen)
    }
}

impl Representation {
    fn of(
        asset: &Asset,
        variant: &Variant,
        shared: &[Field],
        freshness: Freshness,
        contents: &Contents,
    ) -> Result<Self, AssetsError> {
        let body = read(asset, variant, contents)?;
        let etag = header_value(asset, &variant.digest.etag())?;
        let mut head = shared.to_vec();
        if freshness != Freshness::NoStore {
            head.push((ETAG, etag.clone()));
            head.push((ACCEPT_RANGES, HeaderValue::from_static("bytes")));
        }
        if variant.coding != Coding::Identity {
            head.push((CONTENT_ENCODING, HeaderValue::from_static(variant.coding.token())));
        }
        let unchanged = head.iter().filter(|(name, _)| may_stand_on_304(asset, name)).cloned().collect();
        Ok(Self { coding: variant.coding, body, etag, head: head.into(), unchanged })
    }
}

/// What says something of a body stands with the body (RFC 9110 §8 and §15.4.5); what was added may matter to
/// whoever asked.
fn may_stand_on_304(asset: &Asset, name: &HeaderName) -> bool {
    let is_added = || asset.headers.iter().any(|(added, _)| added == name.as_str());
    let may_be_added = || !name.as_str().starts_with("content-") && *name != LINK;
    [ETAG, CACHE_CONTROL, VARY].contains(name)
        || *name == security::nosniff().0
        || (is_added() && may_be_added())
}

fn shared_fields(asset: &Asset, mode: Mode, freshness: Freshness) -> Result<Vec<Field>, AssetsError> {
    let mut fields = vec![
        (CONTENT_TYPE, header_value(asset, &asset.media_type)?),
        (CACHE_CONTROL, freshness.cache_control()),
    ];
    if asset.variants.len() > 1 {
        fields.push((VARY, HeaderValue::from_static("Accept-Encoding")));
    }
    match asset.exposure {
        Exposure::Page => {
            let policy = security::content_security_policy(mode, &asset.inline);
            fields.extend(security::page_headers(header_value(asset, &policy)?));
            if let Some(link) = preload::link(&asset.preloads) {
                fields.push((LINK, header_value(asset, &link)?));
            }
        }
        Exposure::Hashed | Exposure::Verbatim | Exposure::Private => fields.push(security::nosniff()),
    }
    for (name, value) in &asset.headers {
        let name = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| AssetsError::Header { path: asset.path.clone(), value: name.clone() })?;
        fields.retain(|(standing, _)| *standing != name);
        fields.push((name, header_value(asset, value)?));
    }
    Ok(fields)
}

fn read(asset: &Asset, variant: &Variant, contents: &Contents) -> Result<Bytes, AssetsError> {
    let (path, file) = (|| asset.path.clone(), || variant.file.clone());
    let found = contents.read(variant).map_err(|unreadable| match unreadable {
        Unreadable::Missing(file) => AssetsError::MissingFile { path: path(), file },
        Unreadable::BeyondPack { length } => {
            AssetsError::BeyondPack { path: path(), file: file(), length: length as u64 }
        }
    })?;
    if found.len() as u64 == variant.length {
        return Ok(into_bytes(found));
    }
    let (expected, found) = (variant.length, found.len() as u64);
    Err(AssetsError::Length { path: path(), file: file(), expected, found })
}

fn header_value(asset: &Asset, value: &str) -> Result<HeaderValue, AssetsError> {
    HeaderValue::from_str(value)
        .map_err(|_| AssetsError::Header { path: asset.path.clone(), value: value.to_owned() })
}
