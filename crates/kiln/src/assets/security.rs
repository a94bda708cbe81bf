//! The headers by which a browser restricts a page.
//!
//! The Content-Security-Policy is the site's, with what the page adds to it. The build has written both into the
//! manifest; they are printed once, when assets are opened.

use actix_web::http::header::{HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use kiln_manifest::{Policy, SitePolicy};

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// A field of a response.
pub(super) type HeaderField = (HeaderName, HeaderValue);

/// The field of every response against content sniffing.
pub(super) fn nosniff() -> HeaderField {
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
}

/// The security headers of a page that adds `own` to the policy of the site.
pub(super) fn page_headers(site: &SitePolicy, own: &Policy) -> Vec<HeaderField> {
    let rest = [
        (REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
        (CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin")),
    ];
    [nosniff()].into_iter().chain(policy(site, own)).chain(rest).collect()
}

fn policy(site: &SitePolicy, own: &Policy) -> Option<HeaderField> {
    let name = HeaderName::from_static(site.field()?);
    // Sources are made of characters that HTTP allows.
    let value = HeaderValue::try_from(site.with(own).to_string());
    Some((name, value.unwrap_or(HeaderValue::from_static("default-src 'self'"))))
}
