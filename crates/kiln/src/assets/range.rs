//! Byte ranges (RFC 9110 §14.1.2 and §14.2).

use std::ops::Range;

use actix_web::http::header::{HeaderMap, RANGE};

/// The one range that a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByteRange {
    /// `first-last`, both counted; without `last`, up to the end.
    Interval { first: u64, last: Option<u64> },
    /// `-length`: so many bytes from the end.
    Suffix { length: u64 },
}

/// A range, applied to a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// A part, not empty.
    Part(Range<usize>),
    /// The whole body, as without a range.
    Whole,
    /// None of it: 416.
    Unsatisfiable,
}

impl ByteRange {
    /// The range of a request. None when there is none, when there are several (the whole body costs
    /// less than a multipart of it), and when the field breaks the grammar: it may then be ignored.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let mut lines = headers.get_all(RANGE);
        let (line, None) = (lines.next()?, lines.next()) else { return None };
        let (unit, set) = line.to_str().ok()?.split_once('=')?;
        let mut ranges =
            set.split(',').map(|range| range.trim_matches([' ', '\t'])).filter(|r| !r.is_empty());
        match (ranges.next(), ranges.next()) {
            (Some(range), None) if unit.eq_ignore_ascii_case("bytes") => Self::parse(range),
            _ => None,
        }
    }

    /// The part of a body of `length` bytes that the range selects.
    pub(super) fn within(self, length: usize) -> Extent {
        let bounded = |position: u64| usize::try_from(position).unwrap_or(usize::MAX).min(length);
        match self {
            Self::Interval { first, .. } if bounded(first) == length => Extent::Unsatisfiable,
            Self::Interval { first, last } => {
                let end = last.map_or(length, |last| bounded(last.saturating_add(1)));
                Extent::Part(bounded(first)..end)
            }
            Self::Suffix { length: 0 } => Extent::Unsatisfiable,
            // An empty body cannot be described by a Content-Range.
            Self::Suffix { .. } if length == 0 => Extent::Whole,
            Self::Suffix { length: suffix } => Extent::Part(length - bounded(suffix)..length),
        }
    }

    fn parse(range: &str) -> Option<Self> {
        let (first, last) = range.split_once('-')?;
        match (first, last) {
            ("", length) => Some(Self::Suffix { length: position(length)? }),
            (first, "") => Some(Self::Interval { first: position(first)?, last: None }),
            (first, last) => {
                let (first, last) = (position(first)?, position(last)?);
                (first <= last).then_some(Self::Interval { first, last: Some(last) })
            }
        }
    }
}

/// `1*DIGIT`, of any length: a number beyond `u64` selects the same as the greatest one.
fn position(digits: &str) -> Option<u64> {
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn extent(field: &str, length: usize) -> Extent {
        let mut headers = HeaderMap::new();
        headers.append(RANGE, HeaderValue::from_str(field).expect(field));
        ByteRange::of(&headers).map_or(Extent::Whole, |range| range.within(length))
    }

    /// RFC 9110 §14.1.2.
    #[test]
    fn ranges_are_applied_to_a_body_of_ten_bytes() {
        for (field, expected) in [
            ("bytes=0-0", Extent::Part(0..1)),
            ("bytes=2-5", Extent::Part(2..6)),
            ("BYTES=2-", Extent::Part(2..10)),
            ("bytes=9-99", Extent::Part(9..10)),
            ("bytes=-3", Extent::Part(7..10)),
            ("bytes=-99", Extent::Part(0..10)),
            ("bytes= 1-2 ,", Extent::Part(1..3)),
            ("bytes=0-99999999999999999999999", Extent::Part(0..10)),
            ("bytes=0-18446744073709551615", Extent::Part(0..10)),
            ("bytes=-99999999999999999999999", Extent::Part(0..10)),
            ("bytes=10-", Extent::Unsatisfiable),
            ("bytes=10-11", Extent::Unsatisfiable),
            ("bytes=99999999999999999999999-", Extent::Unsatisfiable),
            ("bytes=-0", Extent::Unsatisfiable),
        ] {
            assert_eq!(extent(field, 10), expected, "{field}");
        }
    }

    /// RFC 9110 §14.2: a field that breaks the grammar, or names another unit, is ignored.
    #[test]
    fn fields_other_than_one_byte_range_select_the_whole_body() {
        for field in [
            "bytes=0-0,2-3",
            "bytes=",
            "bytes=,",
            "bytes=-",
            "bytes=5-2",
            "bytes=a-b",
            "bytes=+1-2",
            "bytes=1",
            "bytes 0-1",
            "items=0-1",
            "bytes=1--2",
            "bytes=0 - 1",
            "",
        ] {
            assert_eq!(extent(field, 10), Extent::Whole, "{field}");
        }
    }

    #[test]
    fn an_empty_body_has_no_satisfiable_range() {
        assert_eq!(extent("bytes=0-", 0), Extent::Unsatisfiable);
        assert_eq!(extent("bytes=-1", 0), Extent::Whole);
    }
}
