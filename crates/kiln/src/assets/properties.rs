//! Properties of the parsers that hold for every request.
//!
//! Each function takes input from the wire and panics where a parser violates its property. The fuzz targets and the
//! tests below call them with generated input; no server does.

use std::cmp::Reverse;

use actix_web::http::header::{
    ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH, IF_RANGE,
    RANGE,
};
use kiln_manifest::Coding;

use super::{
    accept_encoding::AcceptEncoding,
    entity_tag::{EntityTag, tags},
    precondition::{Verdict, evaluate, if_range_holds},
    range::{ByteRange, Extent},
    representation::Representations,
    request_path::RequestPath,
};

pub(super) mod sized;
#[cfg(test)]
mod tests;

/// The entity tag of the representation that conditions are about.
pub const OURS: &str = r#""0123456789abcdef""#;

/// A path is decoded once, and leads below the root or nowhere.
///
/// # Panics
/// When it does not.
pub fn path(raw: &str) {
    let decoded = RequestPath::decode(raw).ok();
    assert_eq!(decoded.as_ref().map(RequestPath::as_str), unescaped(raw).as_deref(), "{raw:?}");
    // Exactly the paths below the root have an escaped form.
    let named = RequestPath::decode(&escaped(raw)).map(|path| path.as_str() == raw);
    assert_eq!(named.ok(), stays_below_root(raw).then_some(true), "{raw:?}");
}

/// The client gets the smallest of the representations that it prefers, and none that it refuses; the order, the case
/// and the lines of its field make no difference.
///
/// # Panics
/// When it does not.
pub fn accept_encoding(lengths: [Option<u16>; 4], lines: &[&[u8]]) {
    let accepted = AcceptEncoding::of(&fields(&[(ACCEPT_ENCODING, lines)]));
    let representations = sized::representations(lengths);
    let rank = |coding: Coding, length: usize| Some((accepted.weight(coding)?, Reverse(length)));
    let best = sized::present(lengths).filter_map(|(coding, length)| rank(coding, length)).max();
    assert_eq!(
        chosen(&representations, &accepted).and_then(|(coding, length)| rank(coding, length)),
        best,
        "{lines:?}"
    );

    let written = lines.concat().to_ascii_lowercase();
    for coding in Coding::ALL {
        let weight = accepted.weight(coding);
        assert!(weight.is_none_or(|weight| weight <= 1000), "{lines:?}");
        let names = [coding.token(), "*"].map(|token| contains(&written, token.as_bytes()));
        let unasked = coding == Coding::Identity || names.contains(&true);
        assert!(weight.is_none() || unasked, "{coding:?} was not asked for: {lines:?}");
        let refusal = format!("{};q=0", coding.token());
        assert_eq!(with(lines, refusal.as_bytes()).weight(coding), None, "{lines:?}");
    }
    assert_eq!(with(lines, b"deflate;q=0.3"), accepted, "another coding changed it: {lines:?}");
    let turned: Vec<_> = lines.iter().rev().copied().collect();
    assert_eq!(AcceptEncoding::of(&fields(&[(ACCEPT_ENCODING, &turned)])), accepted, "{lines:?}");
    let upper: Vec<_> = lines.iter().map(|line| line.to_ascii_uppercase()).collect();
    let upper: Vec<_> = upper.iter().map(Vec::as_slice).collect();
    assert_eq!(AcceptEncoding::of(&fields(&[(ACCEPT_ENCODING, &upper)])), accepted, "{lines:?}");
    if lines.iter().all(|line| is_field_text(line)) {
        let joined = lines.join(&b", "[..]);
        assert_eq!(AcceptEncoding::of(&fields(&[(ACCEPT_ENCODING, &[&joined])])), accepted, "{lines:?}");
    }
}

/// A range is exactly the part that the client selected, and lies within the body.
///
/// # Panics
/// When it does not.
pub fn range(length: usize, lines: &[&[u8]]) {
    let headers = fields(&[(RANGE, lines)]);
    let Some(range) = ByteRange::of(&headers) else { return };
    assert_eq!(headers.get_all(RANGE).count(), 1, "{lines:?}");
    let written = match range {
        ByteRange::Interval { first, last: Some(last) } => format!("bytes={first}-{last}"),
        ByteRange::Interval { first, last: None } => format!("bytes={first}-"),
        ByteRange::Suffix { length } => format!("bytes=-{length}"),
    };
    assert_eq!(ByteRange::of(&fields(&[(RANGE, &[written.as_bytes()])])), Some(range), "{written}");

    let wanted = |position: usize| wanted(range, position as u64, length as u64);
    match range.within(length) {
        Extent::Part(part) => {
            assert!(part.start < part.end && part.end <= length, "{written} of {length}: {part:?}");
            assert!(wanted(part.start) && wanted(part.end - 1), "{written} of {length}: {part:?}");
            assert!(part.start == 0 || !wanted(part.start - 1), "{written} of {length}: {part:?}");
            assert!(part.end == length || !wanted(part.end), "{written} of {length}: {part:?}");
        }
        // A range has no gap, so both ends are enough.
        Extent::Unsatisfiable => {
            assert!(length == 0 || !wanted(0) && !wanted(length - 1), "{written} of {length}");
        }
        Extent::Whole => assert_eq!(length, 0, "{written}"),
    }
}

/// Conditions are met by [`OURS`] alone, in the order of RFC 9110 §13.2.2.
///
/// # Panics
/// When they are not.
pub fn conditions(if_match: &[&[u8]], if_none_match: &[&[u8]], if_range: &[&[u8]]) {
    let ours = HeaderValue::from_static(OURS);
    let headers = fields(&[(IF_MATCH, if_match), (IF_NONE_MATCH, if_none_match), (IF_RANGE, if_range)]);
    let lines = |name| headers.get_all(name).map(HeaderValue::as_bytes);
    let all = |name| lines(name).flat_map(tags);
    let any = |name| lines(name).any(|line| line == b"*");

    let fails = headers.contains_key(IF_MATCH)
        && !any(IF_MATCH)
        && !all(IF_MATCH).any(|tag| tag.matches_strongly(OURS.as_bytes()));
    let unchanged = any(IF_NONE_MATCH) || all(IF_NONE_MATCH).any(|tag| tag.matches_weakly(OURS.as_bytes()));
    let expected = match (fails, unchanged) {
        (true, _) => Verdict::Failed,
        (false, true) => Verdict::NotModified,
        (false, false) => Verdict::Proceed,
    };
    assert_eq!(evaluate(&headers, &ours), expected, "{headers:?}");
    let same = lines(IF_RANGE).all(|line| line == OURS.as_bytes()) && lines(IF_RANGE).count() <= 1;
    assert_eq!(if_range_holds(&headers, &ours), same, "{headers:?}");
    for name in [IF_MATCH, IF_NONE_MATCH] {
        lines(name).for_each(entity_tags);
    }
}

/// Tags that were parsed and written again parse to the same tags; one more at the end is one more.
fn entity_tags(line: &[u8]) {
    let found: Vec<EntityTag<'_>> = tags(line).collect();
    for tag in &found {
        assert!(!tag.matches_strongly(OURS.as_bytes()) || tag.matches_weakly(OURS.as_bytes()));
        assert!(contains(line, &tag.to_bytes()), "{line:?}");
    }
    let mut written: Vec<_> = found.iter().map(|tag| tag.to_bytes()).collect();
    assert_eq!(tags(&written.join(&b", "[..])).collect::<Vec<_>>(), found, "{line:?}");
    written.push(OURS.as_bytes().to_vec());
    let longer = written.join(&b","[..]);
    assert!(tags(&longer).last().is_some_and(|tag| tag.matches_strongly(OURS.as_bytes())), "{line:?}");
}

/// Whether a range selects a position (RFC 9110 §14.1.2).
fn wanted(range: ByteRange, position: u64, length: u64) -> bool {
    match range {
        ByteRange::Interval { first, last } => first <= position && last.is_none_or(|last| position <= last),
        ByteRange::Suffix { length: suffix } => position >= length.saturating_sub(suffix),
    }
}

fn chosen(representations: &Representations, accepted: &AcceptEncoding) -> Option<(Coding, usize)> {
    let found = representations.negotiate(accepted)?;
    let coding = found.head().find(|(name, _)| name == CONTENT_ENCODING).map(|(_, token)| token);
    let is = |coding: &Coding| HeaderValue::from_static(coding.token());
    let coding = Coding::ALL.into_iter().find(|one| coding == Some(is(one))).unwrap_or(Coding::Identity);
    Some((coding, found.body.len()))
}

fn with(lines: &[&[u8]], line: &[u8]) -> AcceptEncoding {
    AcceptEncoding::of(&fields(&[(ACCEPT_ENCODING, &[lines, &[line]].concat())]))
}

/// Fields of a request. Lines that HTTP does not allow never reach the parsers.
fn fields(fields: &[(HeaderName, &[&[u8]])]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, lines) in fields {
        for value in lines.iter().filter_map(|line| HeaderValue::from_bytes(line).ok()) {
            headers.append(name.clone(), value);
        }
    }
    headers
}

fn is_field_text(line: &[u8]) -> bool {
    HeaderValue::from_bytes(line).is_ok_and(|value| value.to_str().is_ok())
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// Percent-decoding (RFC 3986 §2.1), written independently of the parser.
fn unescaped(raw: &str) -> Option<String> {
    let mut pieces = raw.split('%');
    let mut bytes = pieces.next()?.as_bytes().to_vec();
    for piece in pieces {
        let (digits, rest) = piece.as_bytes().split_at_checked(2)?;
        let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
        bytes.push(u8::from_str_radix(digits, 16).ok().filter(|byte| *byte != b'/')?);
        bytes.extend(rest);
    }
    String::from_utf8(bytes).ok().filter(|text| stays_below_root(text))
}

fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'/' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

fn stays_below_root(text: &str) -> bool {
    let Some(relative) = text.strip_prefix('/') else { return false };
    let mut segments: Vec<_> = relative.split('/').collect();
    // The root, or a folder.
    segments.pop_if(|last| last.is_empty());
    !text.contains('\0') && !segments.iter().any(|segment| ["", ".", ".."].contains(segment))
}
