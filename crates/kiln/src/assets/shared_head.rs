//! Heads that responses share. A site may have tens of thousands of representations, whose heads differ in little;
//! each distinct head is made once.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::Arc,
};

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY, CONTENT_TYPE, HeaderName,
    HeaderValue, LINK, VARY,
};
use kiln_manifest::{Asset, Exposure, SitePolicy};

use super::{
    AssetsError,
    freshness::Freshness,
    preload,
    security::{self, HeaderField},
};

/// Heads made so far, while a table is built.
#[derive(Default)]
pub(super) struct HeadCache<'a> {
    made: HashMap<HeadKey<'a>, Arc<SharedHead>>,
}

/// Inputs of a head, other than that of a page.
#[derive(PartialEq, Eq, Hash)]
struct HeadKey<'a> {
    media_type: &'a str,
    freshness: Freshness,
    is_negotiated: bool,
    headers: &'a [(String, String)],
}

/// The part of a head that all representations of an asset share.
pub(super) struct SharedHead {
    pub(super) freshness: Freshness,
    pub(super) head: Box<[HeaderField]>,
    /// Fields of it that a 304 response carries (RFC 9110 §15.4.5).
    pub(super) unchanged: Box<[HeaderField]>,
    /// Both, as bytes on the wire.
    pub(super) head_lines: Box<[u8]>,
    pub(super) unchanged_lines: Box<[u8]>,
}

impl<'a> HeadCache<'a> {
    /// The shared head of `asset`. A page has a policy and links of its own.
    pub(super) fn of(
        &mut self,
        asset: &'a Asset,
        site: &SitePolicy,
        freshness: Freshness,
    ) -> Result<Arc<SharedHead>, AssetsError> {
        let new = || SharedHead::of(asset, site, freshness).map(Arc::new);
        if asset.exposure == Exposure::Page {
            return new();
        }
        let (media_type, headers) = (asset.media_type.as_str(), asset.headers.as_slice());
        let key = HeadKey { media_type, freshness, is_negotiated: is_negotiated(asset), headers };
        Ok(Arc::clone(match self.made.entry(key) {
            Entry::Occupied(found) => found.into_mut(),
            Entry::Vacant(free) => free.insert(new()?),
        }))
    }
}

impl SharedHead {
    fn of(asset: &Asset, site: &SitePolicy, freshness: Freshness) -> Result<Self, AssetsError> {
        let head: Box<[_]> = shared_fields(asset, site, freshness)?.into();
        let unchanged: Box<[_]> =
            head.iter().filter(|(name, _)| may_stand_on_304(asset, name)).cloned().collect();
        let (head_lines, unchanged_lines) = (lines(&head), lines(&unchanged));
        Ok(Self { freshness, head, unchanged, head_lines, unchanged_lines })
    }
}

fn lines(fields: &[HeaderField]) -> Box<[u8]> {
    let mut wire = Vec::new();
    for field in fields {
        write_line(&mut wire, field);
    }
    wire.into()
}

/// A field as it stands on the wire (RFC 9112 §5).
pub(super) fn write_line(wire: &mut Vec<u8>, (name, value): &HeaderField) {
    for part in [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"] {
        wire.extend_from_slice(part);
    }
}

fn is_negotiated(asset: &Asset) -> bool {
    asset.variants.len() > 1
}

/// Whether a 304 response carries the field. Representation metadata goes with the body (RFC 9110 §8 and §15.4.5);
/// fields that the configuration added may matter to the client, and a policy may change while the page stays.
fn may_stand_on_304(asset: &Asset, name: &HeaderName) -> bool {
    let is_added = || asset.headers.iter().any(|(added, _)| added == name.as_str());
    let may_be_added = || !name.as_str().starts_with("content-") && *name != LINK;
    let is_policy = [CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY_REPORT_ONLY].contains(name);
    [CACHE_CONTROL, VARY].contains(name)
        || *name == security::nosniff().0
        || is_policy
        || (is_added() && may_be_added())
}

fn shared_fields(
    asset: &Asset,
    site: &SitePolicy,
    freshness: Freshness,
) -> Result<Vec<HeaderField>, AssetsError> {
    let mut fields = vec![
        (CONTENT_TYPE, header_value(asset, &asset.media_type)?),
        (CACHE_CONTROL, freshness.cache_control()),
    ];
    if is_negotiated(asset) {
        fields.push((VARY, HeaderValue::from_static("Accept-Encoding")));
    }
    match asset.exposure {
        Exposure::Page => {
            fields.extend(security::page_headers(site, &asset.policy));
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

fn header_value(asset: &Asset, value: &str) -> Result<HeaderValue, AssetsError> {
    HeaderValue::from_str(value)
        .map_err(|_| AssetsError::Header { path: asset.path.clone(), value: value.to_owned() })
}
