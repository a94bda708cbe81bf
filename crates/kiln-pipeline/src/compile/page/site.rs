//! Metadata for other machines, whose URLs have to be absolute: `og:image`, `canonical`.

use html_escape::decode_html_entities;

use super::url_place::UrlPlace;
use crate::{
    compile::context::Context,
    reference::is_elsewhere,
    source::Source,
    text::{Edit, Text},
};

/// The edit that makes the URL of a route absolute: `/products/1` is no file.
pub(super) fn route(context: &Context<'_>, text: &Text, place: &UrlPlace) -> Option<Edit> {
    let (site, _) = context.config.options.site.as_deref().zip(place.metadata.as_ref())?;
    let is_route = text.content()[place.url.clone()].starts_with('/')
        && !text.content()[place.url.clone()].starts_with("//");
    let start = place.url.start;
    is_route.then(|| Edit { place: start..start, text: site.to_owned() })
}

/// Warns where the origin of the site would be needed and is not known: for a relative URL, and for an absolute one whose
/// path names a file that is served under a hashed name.
pub(super) fn warn(context: &Context<'_>, text: &Text, place: &UrlPlace, page: &Source) {
    let Some(name) = &place.metadata else { return };
    if context.config.options.site.is_some() {
        return;
    }
    let written = decode_html_entities(&text.content()[place.url.clone()]).trim().to_owned();
    let (line, column) = text.position(place.url.start);
    let here = format!("{}:{line}:{column}", text.name());
    if !is_elsewhere(&written) && !written.is_empty() && !written.starts_with('#') {
        context.warn([format!(
            "{here}: `{name}` with a relative URL, which other sites do not resolve; add `site = \"https://…\"` to [package.metadata.kiln]"
        )]);
        return;
    }
    let origin_and_path = written.split_once("://").and_then(|(scheme, rest)| {
        let (host, path) = rest.split_at(rest.find('/')?);
        Some((format!("{scheme}://{host}"), path))
    });
    let Some((origin, path)) = origin_and_path else { return };
    if context.tree.find(&page.path, path).is_some_and(|(file, _)| context.is_renamed(file)) {
        context.warn([format!(
            "{here}: `{name}` names `{path}`, but the file is served under a hashed name; add `site = \"{origin}\"` to [package.metadata.kiln]"
        )]);
    }
}
