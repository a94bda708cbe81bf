//! Entity tags as clients send them (RFC 9110 §8.8.3).

/// One entity tag of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct EntityTag<'a> {
    strength: Strength,
    /// The opaque tag, with its quotes.
    opaque: &'a [u8],
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Strength {
    Strong,
    Weak,
}

impl<'a> EntityTag<'a> {
    /// The tag at the beginning of `text`, and the rest of it.
    pub(super) fn parse(text: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (strength, quoted) = match text.strip_prefix(b"W/") {
            Some(quoted) => (Strength::Weak, quoted),
            None => (Strength::Strong, text),
        };
        let inner = quoted.strip_prefix(b"\"")?;
        let length = inner.iter().position(|byte| *byte == b'"')?;
        if !inner[..length].iter().copied().all(is_etagc) {
            return None;
        }
        let (opaque, rest) = quoted.split_at(length + 2);
        Some((Self { strength, opaque }, rest))
    }

    /// The weak comparison with a strong tag of ours (RFC 9110 §8.8.3.2).
    pub(super) fn matches_weakly(self, ours: &[u8]) -> bool {
        self.opaque == ours
    }

    /// The strong comparison with a strong tag of ours (RFC 9110 §8.8.3.2).
    pub(super) fn matches_strongly(self, ours: &[u8]) -> bool {
        self.strength == Strength::Strong && self.opaque == ours
    }

    /// The tag as it is written in a field.
    #[cfg(any(test, feature = "fuzzing"))]
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let weakness: &[u8] = if self.strength == Strength::Weak { b"W/" } else { b"" };
        [weakness, self.opaque].concat()
    }
}

/// The tags of one line of a list field. A line that breaks the grammar ends where it does: the tags
/// before stand, nothing after is guessed.
pub(super) fn tags(line: &[u8]) -> impl Iterator<Item = EntityTag<'_>> {
    let mut rest = line;
    std::iter::from_fn(move || {
        let (tag, after) = EntityTag::parse(skip(rest, b" \t,"))?;
        rest = match skip(after, b" \t") {
            after @ ([] | [b',', ..]) => after,
            _ => return None,
        };
        Some(tag)
    })
}

fn skip<'a>(text: &'a [u8], what: &[u8]) -> &'a [u8] {
    let kept = text.iter().position(|byte| !what.contains(byte)).unwrap_or(text.len());
    &text[kept..]
}

/// `etagc = %x21 / %x23-7E / obs-text`; the quote has been looked for before.
fn is_etagc(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x7e | 0x80..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opaque(line: &str) -> Vec<&str> {
        tags(line.as_bytes()).map(|tag| std::str::from_utf8(tag.opaque).expect("ASCII")).collect()
    }

    /// RFC 9110 §8.8.3: a comma may stand inside of a tag.
    #[test]
    fn lists_are_split_between_tags_only() {
        for (line, expected) in [
            (r#""a""#, vec![r#""a""#]),
            (r#""a", W/"b" ,"c""#, vec![r#""a""#, r#""b""#, r#""c""#]),
            (r#", ,"a,b","#, vec![r#""a,b""#]),
            (r#""""#, vec![r#""""#]),
            (r#""a" "b""#, vec![]),
            (r#""a", b"#, vec![r#""a""#]),
            ("a", vec![]),
            (r#"w/"a""#, vec![]),
            (r#""a"#, vec![]),
            (r#""a b""#, vec![]),
            ("*", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(opaque(line), expected, "{line}");
        }
    }

    /// The table of RFC 9110 §8.8.3.2, for the rows in which one tag is strong.
    #[test]
    fn a_weak_tag_never_matches_strongly() {
        let tag = |text: &'static str| EntityTag::parse(text.as_bytes()).expect(text).0;
        let ours = br#""1""#;
        assert!(tag(r#""1""#).matches_strongly(ours) && tag(r#""1""#).matches_weakly(ours));
        assert!(!tag(r#"W/"1""#).matches_strongly(ours) && tag(r#"W/"1""#).matches_weakly(ours));
        assert!(!tag(r#""2""#).matches_strongly(ours) && !tag(r#""2""#).matches_weakly(ours));
    }
}
