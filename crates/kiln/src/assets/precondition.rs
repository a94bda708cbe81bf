//! Conditional requests, in the order of RFC 9110 §13.2.2.
//!
//! No response carries `Last-Modified`, for builds are reproducible and files have no date; so the
//! conditions on dates are ignored, as §13.1.3 and §13.1.4 ask.

use actix_web::http::header::{HeaderMap, HeaderValue, IF_MATCH, IF_NONE_MATCH, IF_RANGE};

use super::{
    entity_tag::{EntityTag, tags},
    list_field::lines,
};

/// Outcome of the conditions of a GET or HEAD request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Answer as if there were none.
    Proceed,
    /// 304.
    NotModified,
    /// 412.
    Failed,
}

/// Evaluates `If-Match` and `If-None-Match` for the representation with this entity tag.
pub(super) fn evaluate(headers: &HeaderMap, etag: &HeaderValue) -> Verdict {
    let ours = etag.as_bytes();
    if headers.contains_key(IF_MATCH) && !any(lines(headers, &IF_MATCH), |tag| tag.matches_strongly(ours)) {
        return Verdict::Failed;
    }
    if is_held(lines(headers, &IF_NONE_MATCH), etag) {
        return Verdict::NotModified;
    }
    Verdict::Proceed
}

/// Whether these lines of `If-None-Match` name the representation with this entity tag.
pub(super) fn is_held<'a>(lines: impl Iterator<Item = &'a [u8]>, etag: &HeaderValue) -> bool {
    any(lines, |tag| tag.matches_weakly(etag.as_bytes()))
}

/// Whether a range may be sent from the representation with this entity tag: there is no `If-Range`, or
/// it is this very tag (RFC 9110 §13.1.5). A date never is, because we send none.
pub(super) fn if_range_holds(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let mut lines = headers.get_all(IF_RANGE);
    match (lines.next(), lines.next()) {
        (None, _) => true,
        (Some(line), None) => EntityTag::parse(line.as_bytes())
            .is_some_and(|(tag, rest)| rest.is_empty() && tag.matches_strongly(etag.as_bytes())),
        (Some(_), Some(_)) => false,
    }
}

fn any<'a>(mut lines: impl Iterator<Item = &'a [u8]>, matches: impl Fn(EntityTag<'_>) -> bool) -> bool {
    lines.any(|line| line == b"*" || tags(line).any(&matches))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderName;

    use super::*;

    const OURS: HeaderValue = HeaderValue::from_static(r#""ours""#);

    fn headers(fields: &[(HeaderName, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(name.clone(), HeaderValue::from_static(value));
        }
        headers
    }

    /// RFC 9110 §13.1.1, §13.1.2 and §13.2.2.
    #[test]
    fn conditions_are_evaluated_in_order() {
        for (fields, expected) in [
            (vec![], Verdict::Proceed),
            (vec![(IF_NONE_MATCH, r#""ours""#)], Verdict::NotModified),
            (vec![(IF_NONE_MATCH, r#"W/"ours""#)], Verdict::NotModified),
            (vec![(IF_NONE_MATCH, r#""other", "ours""#)], Verdict::NotModified),
            (vec![(IF_NONE_MATCH, r#""other""#), (IF_NONE_MATCH, r#""ours""#)], Verdict::NotModified),
            (vec![(IF_NONE_MATCH, "*")], Verdict::NotModified),
            (vec![(IF_NONE_MATCH, r#""other""#)], Verdict::Proceed),
            (vec![(IF_NONE_MATCH, "ours")], Verdict::Proceed),
            (vec![(IF_MATCH, r#""ours""#)], Verdict::Proceed),
            (vec![(IF_MATCH, "*")], Verdict::Proceed),
            (vec![(IF_MATCH, r#"W/"ours""#)], Verdict::Failed),
            (vec![(IF_MATCH, r#""other""#)], Verdict::Failed),
            (vec![(IF_MATCH, "ours")], Verdict::Failed),
            (vec![(IF_MATCH, r#""other""#), (IF_NONE_MATCH, "*")], Verdict::Failed),
            (vec![(IF_MATCH, "*"), (IF_NONE_MATCH, "*")], Verdict::NotModified),
        ] {
            assert_eq!(evaluate(&headers(&fields), &OURS), expected, "{fields:?}");
        }
    }

    /// RFC 9110 §13.1.5.
    #[test]
    fn if_range_requires_the_same_strong_tag() {
        for (values, expected) in [
            (vec![], true),
            (vec![r#""ours""#], true),
            (vec![r#"W/"ours""#], false),
            (vec![r#""other""#], false),
            (vec![r#""ours", "other""#], false),
            (vec![r#""ours""#, r#""ours""#], false),
            (vec!["Sat, 29 Oct 1994 19:43:31 GMT"], false),
            (vec!["*"], false),
        ] {
            let fields: Vec<_> = values.iter().map(|value| (IF_RANGE, *value)).collect();
            assert_eq!(if_range_holds(&headers(&fields), &OURS), expected, "{values:?}");
        }
    }
}
