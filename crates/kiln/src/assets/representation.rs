//! The representations of an asset, each with its head ready to be sent.

use std::{cmp::Reverse, sync::Arc};

use actix_web::{
    http::header::{ACCEPT_RANGES, CONTENT_ENCODING, ETAG, HeaderValue},
    web::Bytes,
};
use kiln_manifest::{Asset, Coding, Digest, SitePolicy, Variant};

use super::{
    AssetsError,
    accept_encoding::AcceptEncoding,
    embedded::{Contents, Unreadable, into_bytes},
    freshness::Freshness,
    security::HeaderField,
    shared_head::{HeadCache, SharedHead, write_line},
};

/// All representations of an asset.
pub(super) struct Representations {
    /// Identity first; never empty.
    representations: Box<[Representation]>,
}

/// An asset in one content coding.
pub(super) struct Representation {
    coding: Coding,
    pub(super) body: Bytes,
    /// Strong entity tag.
    pub(super) etag: HeaderValue,
    shared: Arc<SharedHead>,
}

impl Representations {
    pub(super) fn of<'a>(
        asset: &'a Asset,
        site: &SitePolicy,
        freshness: Freshness,
        contents: &Contents,
        heads: &mut HeadCache<'a>,
    ) -> Result<Self, AssetsError> {
        if asset.variants.first().is_none_or(|first| first.coding != Coding::Identity) {
            return Err(AssetsError::NoIdentity { path: asset.path.clone() });
        }
        let shared = heads.of(asset, site, freshness)?;
        let representations = asset
            .variants
            .iter()
            .map(|variant| Representation::of(asset, variant, Arc::clone(&shared), contents))
            .collect::<Result<_, _>>()?;
        Ok(Self { representations })
    }

    pub(super) fn identity(&self) -> &Representation {
        &self.representations[0]
    }

    /// The representation that the client prefers, the smallest of equally preferred ones; none when it
    /// refuses all.
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
        shared: Arc<SharedHead>,
        contents: &Contents,
    ) -> Result<Self, AssetsError> {
        let body = read(asset, variant, contents)?;
        let etag = entity_tag(asset, &variant.digest)?;
        Ok(Self { coding: variant.coding, body, etag, shared })
    }

    /// The head of a 200 response.
    pub(super) fn head(&self) -> impl Iterator<Item = HeaderField> {
        self.shared.head.iter().cloned().chain(self.etag()).chain(self.form())
    }

    /// The head of a 304 response.
    pub(super) fn unchanged(&self) -> impl Iterator<Item = HeaderField> {
        self.shared.unchanged.iter().cloned().chain(self.etag())
    }

    /// Writes [`head`](Self::head) as bytes on the wire.
    pub(super) fn write_head(&self, wire: &mut Vec<u8>) {
        wire.extend_from_slice(&self.shared.head_lines);
        self.etag().into_iter().chain(self.form()).for_each(|field| write_line(wire, &field));
    }

    /// Writes [`unchanged`](Self::unchanged) as bytes on the wire.
    pub(super) fn write_unchanged(&self, wire: &mut Vec<u8>) {
        wire.extend_from_slice(&self.shared.unchanged_lines);
        self.etag().iter().for_each(|field| write_line(wire, field));
    }

    pub(super) fn coding(&self) -> Coding {
        self.coding
    }

    /// The field for the content coding; for identity, which alone has ranges, the field that says so.
    fn form(&self) -> Option<HeaderField> {
        match self.coding {
            Coding::Identity => self.is_kept().then(|| (ACCEPT_RANGES, HeaderValue::from_static("bytes"))),
            coding => Some((CONTENT_ENCODING, HeaderValue::from_static(coding.token()))),
        }
    }

    fn etag(&self) -> Option<HeaderField> {
        self.is_kept().then(|| (ETAG, self.etag.clone()))
    }

    /// Whether clients may keep it, or a part of it.
    fn is_kept(&self) -> bool {
        self.shared.freshness != Freshness::NoStore
    }
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

/// The entity tag as a header value, without a copy.
fn entity_tag(asset: &Asset, digest: &Digest) -> Result<HeaderValue, AssetsError> {
    HeaderValue::try_from(digest.etag())
        .map_err(|_| AssetsError::Header { path: asset.path.clone(), value: digest.etag() })
}
