//! References of the elements of a page, with all that their targets and edits depend on.

use std::ops::Range;

use kiln_manifest::{CorsSetting, Destination};
use lol_html::html_content::Element;

use super::{
    attribute::{Role, has_word, is_cors, is_refresh, keeps_origin, purpose, refers, role},
    metadata, preload,
    srcset::{refresh, urls},
};
use crate::{config::ReferenceAttributes, reference::Purpose};

/// One reference in a page.
#[derive(Debug)]
pub(super) struct UrlPlace {
    /// The bytes of the URL, without quotes.
    pub(super) url: Range<usize>,
    /// The offset of the element.
    pub(super) element: usize,
    /// The offset for integrity metadata; `None` when the element has its own.
    pub(super) integrity: Option<usize>,
    /// The offset for a missing `crossorigin`.
    pub(super) cross_origin: Option<usize>,
    /// Whether the element is a preload in CORS mode.
    pub(super) is_cors_preload: bool,
    /// Whether the target is loaded from the origin of the page alone.
    pub(super) keeps_origin: bool,
    /// The name of the metadata for other machines that holds the URL.
    pub(super) metadata: Option<String>,
    /// The request mode of a preload.
    pub(super) preload: Option<(Destination, CorsSetting)>,
    pub(super) role: Role,
    pub(super) purpose: Purpose,
}

impl UrlPlace {
    /// The place, without a preload where the element is in a part of the page that browsers do not load at once.
    pub(super) fn inert_if(self, is_inert: bool) -> Self {
        Self { preload: self.preload.filter(|_| !is_inert), ..self }
    }
}

/// The references of an element.
pub(super) fn places_of(
    html: &str,
    element: &Element<'_, '_>,
    attributes: &ReferenceAttributes,
) -> Vec<UrlPlace> {
    let tag = element.tag_name();
    let start = element.source_location().bytes().start;
    let role = role(element, &tag);
    let meta = (tag == "meta").then(|| metadata::purpose(element)).flatten();
    let purpose = meta.unwrap_or_else(|| purpose(element, &tag));
    let inside = start + 1 + tag.len();
    let lacks = |name| !element.has_attribute(name);
    let integrity = (role.takes_integrity() && lacks("integrity")).then_some(inside);
    let cross_origin = lacks("crossorigin").then_some(inside);
    // Fonts, and fetches of scripts, use CORS mode (CSS Fonts Level 4 §4.8, Fetch §5.4). A preload in another mode is
    // fetched in vain.
    let is_cors_preload = tag == "link" && has_word(element, "rel", "preload") && is_cors(element);
    // A preload does not match an element with integrity metadata of its own.
    let preload = integrity.and_then(|_| preload::of(element, role));
    let keeps_origin = keeps_origin(&tag, role, purpose);
    let metadata = metadata::for_machines(element, &tag);
    let place = |url| UrlPlace {
        url,
        element: start,
        integrity,
        cross_origin,
        is_cors_preload,
        keeps_origin,
        metadata: metadata.clone(),
        preload,
        role,
        purpose,
    };
    let listed = |url| UrlPlace {
        integrity: None,
        is_cors_preload: false,
        metadata: None,
        preload: None,
        role: Role::Other,
        purpose: Purpose::Resource,
        ..place(url)
    };
    let mut places = Vec::new();
    for attribute in element.attributes() {
        let name = attribute.name();
        let Some(value) = attribute.value_source_location().map(|place| place.bytes()) else { continue };
        if tag == "meta" && name == "content" && is_refresh(element) {
            places.extend(refresh(html, value).map(place));
        } else if refers(&tag, &name) || name == "content" && meta.is_some() {
            places.extend(urls(html, &name, value).into_iter().map(place));
        } else if attributes.has(&tag, &name) {
            places.extend(urls(html, &name, value).into_iter().map(listed));
        }
    }
    places
}
