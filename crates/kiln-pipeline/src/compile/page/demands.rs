//! Demands of a page: URLs of other origins and inline handlers, which its policy has to allow.

use std::ops::Range;

use html_escape::decode_html_entities;
use kiln_manifest::LogicalPath;

#[cfg(feature = "toolchain")]
use super::inline_module;
use super::scan::PageContent;
use crate::{
    compile::{
        context::Context,
        demand::{DemandKind, DemandScope, is_decided},
    },
    text::Text,
};

/// Records the demands of `page` in a text of it.
pub(super) fn demand(context: &Context<'_>, page: &LogicalPath, text: &Text, found: &PageContent) {
    let decoded = |place: &Range<usize>| decode_html_entities(&text.content()[place.clone()]).into_owned();
    let urls = found.decided.iter().map(|(directive, place)| {
        let url = decoded(place).trim().to_owned();
        (place, DemandKind::Url { directive: *directive, url })
    });
    let urls = urls.filter(|(_, kind)| matches!(kind, DemandKind::Url { url, .. } if is_decided(url)));
    let handlers = found.handlers.iter().map(|place| (place, DemandKind::Handler { script: decoded(place) }));
    for (place, kind) in urls.chain(handlers) {
        context.demand((text, place.start), kind, DemandScope::Page(page.clone()));
    }
    #[cfg(feature = "toolchain")]
    for (offset, kind) in inline_module::remote_calls(text, found) {
        context.demand((text, offset), kind, DemandScope::Page(page.clone()));
    }
}
