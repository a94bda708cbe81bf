//! Targets of the references of a page, and the origins of their URLs.

use html_escape::{decode_html_entities, encode_quoted_attribute};

use super::{compile::Page, url_place::UrlPlace};
use crate::{Result, compile::context::Context, reference::UrlOrigin, source::Source};

/// The target of a reference.
pub(super) struct PageTarget<'s> {
    pub(super) source: &'s Source,
    /// The query and fragment, escaped for an attribute.
    pub(super) suffix: String,
    pub(super) origin: UrlOrigin,
}

impl Page<'_> {
    /// The target of a reference. An absolute URL of the site is a reference where it names a file.
    pub(super) fn target<'s>(
        &self,
        context: &Context<'s>,
        place: &UrlPlace,
    ) -> Result<Option<PageTarget<'s>>> {
        let written = decode_html_entities(&self.text.content()[place.url.clone()]);
        let options = &context.config.options;
        let here = (&self.text, place.url.clone());
        let resolve = |written: &str| context.tree.resolve(&self.source.path, written, place.purpose, here);
        let (found, is_absolute) = match options.path_on_site(written.trim()) {
            Some(path) => (resolve(path).ok().flatten(), true),
            None => (resolve(&written)?, false),
        };
        let origin = if is_absolute || place.metadata.is_some() && options.site.is_some() {
            UrlOrigin::Site
        } else if place.keeps_origin {
            UrlOrigin::Page
        } else {
            UrlOrigin::Assets
        };
        Ok(found.map(|(source, suffix)| PageTarget {
            source,
            suffix: encode_quoted_attribute(&suffix).into_owned(),
            origin,
        }))
    }
}
