//! The headers by which a browser restricts a page.
//!
//! The Content-Security-Policy allows the site's own files and the inline scripts and styles
//! whose hashes the build took from that very page; `unsafe-inline` is never needed.

use std::fmt::Write as _;

use actix_web::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use kiln_manifest::{InlineHashes, Mode};

const CROSS_ORIGIN_OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// A field of a response.
pub(super) type HeaderField = (HeaderName, HeaderValue);

/// The field of every response against content sniffing.
pub(super) fn nosniff() -> HeaderField {
    (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"))
}

/// The security headers of every page.
pub(super) fn page_headers(policy: HeaderValue) -> [HeaderField; 4] {
    [
        nosniff(),
        (CONTENT_SECURITY_POLICY, policy),
        (REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin")),
        (CROSS_ORIGIN_OPENER_POLICY, HeaderValue::from_static("same-origin")),
    ]
}

/// The policy of a page with these inline scripts and styles. In [`Mode::Dev`] the page may also connect to the
/// watcher, which has a port of its own.
pub(super) fn content_security_policy(mode: Mode, inline: &InlineHashes) -> String {
    let connect = match mode {
        Mode::Dev => "'self' http://127.0.0.1:*",
        Mode::Release => "'self'",
    };
    format!(
        "default-src 'self'; script-src 'self'{}; style-src 'self'{}; img-src 'self' data: blob:; \
         font-src 'self'; connect-src {connect}; object-src 'none'; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'{}",
        sources(&inline.scripts),
        sources(&inline.styles),
        style_attributes(&inline.style_attributes),
    )
}

/// The directive that allows style attributes with these hashes and no others: `'unsafe-hashes'`, confined to
/// attributes and to pages that have some.
fn style_attributes(hashes: &[String]) -> String {
    if hashes.is_empty() {
        String::new()
    } else {
        format!("; style-src-attr 'unsafe-hashes'{}", sources(hashes))
    }
}

fn sources(hashes: &[String]) -> String {
    hashes.iter().fold(String::new(), |mut list, hash| {
        // Writing into a string cannot fail.
        let _ = write!(list, " '{hash}'");
        list
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CSP Level 3 §2.3.1: a hash source stands in single quotes.
    #[test]
    fn a_policy_names_the_hashes_of_its_own_page() {
        let inline = InlineHashes {
            scripts: vec!["sha256-a".to_owned(), "sha256-b".to_owned()],
            styles: vec!["sha256-c".to_owned()],
            style_attributes: Vec::new(),
        };
        let policy = content_security_policy(Mode::Release, &inline);
        assert!(policy.contains("; script-src 'self' 'sha256-a' 'sha256-b';"), "{policy}");
        assert!(policy.contains("; style-src 'self' 'sha256-c';"), "{policy}");
        assert!(policy.contains("; connect-src 'self';"), "{policy}");
    }

    /// CSP Level 3 §8.3: without `'unsafe-hashes'` a hash does not count for an attribute.
    #[test]
    fn style_attributes_are_allowed_by_their_hashes() {
        let inline =
            InlineHashes { style_attributes: vec!["sha256-d".to_owned()], ..InlineHashes::default() };
        let policy = content_security_policy(Mode::Release, &inline);
        assert!(policy.ends_with("; style-src-attr 'unsafe-hashes' 'sha256-d'"), "{policy}");
        let policy = content_security_policy(Mode::Release, &InlineHashes::default());
        assert!(!policy.contains("unsafe"), "{policy}");
    }

    #[test]
    fn only_development_allows_connections_to_the_watcher() {
        let policy = content_security_policy(Mode::Dev, &InlineHashes::default());
        assert!(policy.contains("; connect-src 'self' http://127.0.0.1:*;"), "{policy}");
        assert!(policy.contains("; script-src 'self';"), "{policy}");
    }
}
