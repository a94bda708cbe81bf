//! The path of a request, decoded once (RFC 3986 §2.1) and looked up exactly.
//!
//! No path is repaired: a resource with two names would have two cache entries and two sets of rules. A path
//! that could mean something else to another program on the way (an encoded slash, a dot segment, an
//! empty segment, NUL) is refused.

use std::borrow::Cow;

/// A request path in canonical form: absolute, without escapes, empty segments, `.` or `..`; a slash may end it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RequestPath<'a>(Cow<'a, str>);

/// A path that is not canonical, and names nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed;

impl<'a> RequestPath<'a> {
    pub(super) fn decode(raw: &'a str) -> Result<Self, Malformed> {
        let decoded = if raw.contains('%') { Cow::Owned(unescape(raw)?) } else { Cow::Borrowed(raw) };
        let relative = decoded.strip_prefix('/').ok_or(Malformed)?;
        let folders_and_file = relative.strip_suffix('/').unwrap_or(relative);
        let root = relative.is_empty();
        let malformed = |segment: &str| matches!(segment, "" | "." | "..");
        if !root && folders_and_file.split('/').any(malformed) || decoded.contains('\0') {
            return Err(Malformed);
        }
        Ok(Self(decoded))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

fn unescape(raw: &str) -> Result<String, Malformed> {
    let mut decoded = Vec::with_capacity(raw.len());
    let mut rest = raw.bytes();
    while let Some(byte) = rest.next() {
        decoded.push(if byte == b'%' { escaped(&mut rest)? } else { byte });
    }
    String::from_utf8(decoded).map_err(|_| Malformed)
}

fn escaped(rest: &mut std::str::Bytes<'_>) -> Result<u8, Malformed> {
    let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16)).ok_or(Malformed);
    let byte = u8::try_from(digit()? * 16 + digit()?).map_err(|_| Malformed)?;
    if byte == b'/' { Err(Malformed) } else { Ok(byte) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 3986 §2.1 and §2.4: decoded once, never twice.
    #[test]
    fn escapes_are_decoded_once() {
        for (raw, expected) in [
            ("/", "/"),
            ("/docs/", "/docs/"),
            ("/a%20b", "/a b"),
            ("/%C3%A9t%c3%a9", "/été"),
            ("/a%2520b", "/a%20b"),
            ("/a+b", "/a+b"),
            ("/.well-known/x", "/.well-known/x"),
            ("/...", "/..."),
        ] {
            assert_eq!(RequestPath::decode(raw).as_ref().map(RequestPath::as_str), Ok(expected), "{raw}");
        }
    }

    #[test]
    fn ambiguous_paths_are_refused() {
        for raw in [
            "",
            "*",
            "a",
            "//",
            "//a",
            "/a//b",
            "/a//",
            "/.",
            "/./a",
            "/..",
            "/a/../b",
            "/a/..",
            "/%2e%2e/a",
            "/.%2E",
            "/a%2Fb",
            "/a%2fb",
            "/a%00",
            "/\0",
            "/%",
            "/%4",
            "/%zz",
            "/%+1",
            "/%ff",
            "/%C3%28",
        ] {
            assert_eq!(RequestPath::decode(raw), Err(Malformed), "{raw:?}");
        }
    }
}
