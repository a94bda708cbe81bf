//! Sources that a page's policy has to allow for its CSS.

use kiln_manifest::{Directive, Policy, PolicySource};

use super::scan::Scan;
use crate::{
    compile::{
        context::Context,
        demand::{DemandKind, DemandScope, is_decided},
    },
    text::Text,
};

/// Records the URLs of other origins in CSS that begins at `start` of `text`; `scan` is its scan.
pub(in crate::compile) fn demand_urls(
    context: &Context<'_>,
    (text, start): (&Text, usize),
    scan: &Scan,
    scope: impl Fn(&str) -> DemandScope,
) {
    let imports = scan.imports.iter().map(|(place, written)| (Directive::StyleSrc, place, written));
    let urls = scan.urls.iter().map(|url| {
        (if url.is_font { Directive::FontSrc } else { Directive::ImgSrc }, &url.value, &url.written)
    });
    for (directive, place, written) in imports.chain(urls).filter(|(.., written)| is_decided(written)) {
        if !is_data(written) {
            let kind = DemandKind::Url { directive, url: written.clone() };
            context.demand((text, start + place.start), kind, scope(written));
        }
    }
}

/// The `data:` URLs that the CSS loads, by directive.
pub(in crate::compile) fn policy(scan: &Scan) -> Policy {
    let mut policy = Policy::default();
    let imports = scan.imports.iter().map(|(_, written)| (Directive::StyleSrc, written));
    let urls = scan
        .urls
        .iter()
        .map(|url| (if url.is_font { Directive::FontSrc } else { Directive::ImgSrc }, &url.written));
    let data = imports.chain(urls).filter(|(_, written)| is_data(written));
    data.for_each(|(directive, _)| policy.allow(directive, PolicySource::DATA));
    policy
}

fn is_data(url: &str) -> bool {
    url.trim_start().get(.."data:".len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"))
}
