//! Sources that a directive of a policy allows.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

use crate::Digest;

/// An expression in a directive, `'self'`, `https://api.example` or `data:`: printable ASCII without space, `;` and `,`,
/// with keywords in their quotes (CSP Level 3 §2.3.1).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PolicySource(Cow<'static, str>);

/// Rule of [`PolicySource`] that a string breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidSource {
    /// Expression without a character.
    #[error("empty source")]
    Empty,
    /// Space, `;`, `,`, or a character that is no printable ASCII.
    #[error("invalid source `{0}`: a space, `;`, `,`, or a character outside of ASCII")]
    Character(String),
    /// Keyword, hash or nonce without quotes, which browsers would take for a host.
    #[error("source `{0}` without its quotes")]
    Unquoted(String),
    /// Quoted word that is no keyword.
    #[error("unknown keyword {0}")]
    UnknownKeyword(String),
    /// `'none'`, which cannot be added to anything.
    #[error("`'none'` cannot be added")]
    None,
}

/// Keywords, without their quotes.
const KEYWORDS: [&str; 10] = [
    "self",
    "unsafe-inline",
    "unsafe-eval",
    "wasm-unsafe-eval",
    "unsafe-hashes",
    "strict-dynamic",
    "report-sample",
    "inline-speculation-rules",
    "script",
    "allow-duplicates",
];

/// Beginnings of hashes and nonces, without the quote.
const PREFIXES: [&str; 4] = ["sha256-", "sha384-", "sha512-", "nonce-"];

impl PolicySource {
    /// Scripts of WebAssembly.
    pub const WASM_UNSAFE_EVAL: Self = Self(Cow::Borrowed("'wasm-unsafe-eval'"));
    /// Attributes by their hashes.
    pub const UNSAFE_HASHES: Self = Self(Cow::Borrowed("'unsafe-hashes'"));
    /// `data:` URLs.
    pub const DATA: Self = Self(Cow::Borrowed("data:"));
    /// Port of the watcher, which a page of a development build listens to.
    pub(crate) const LOOPBACK: Self = Self(Cow::Borrowed("http://127.0.0.1:*"));

    /// Checks `source`.
    ///
    /// # Errors
    /// The rule of the type that `source` breaks.
    pub fn new(source: impl Into<String>) -> Result<Self, InvalidSource> {
        let source = source.into();
        if source.is_empty() {
            return Err(InvalidSource::Empty);
        }
        if !source.bytes().all(|byte| byte.is_ascii_graphic() && byte != b';' && byte != b',') {
            return Err(InvalidSource::Character(source));
        }
        let lower = source.to_ascii_lowercase();
        match lower.strip_prefix('\'').map(|rest| rest.strip_suffix('\'')) {
            None if is_quoted_word(&lower) || lower == "none" => Err(InvalidSource::Unquoted(source)),
            Some(Some("none")) => Err(InvalidSource::None),
            Some(word) if !word.is_some_and(is_quoted_word) => Err(InvalidSource::UnknownKeyword(source)),
            _ => Ok(Self(source.into())),
        }
    }

    /// The hash of an inline script or style, whose newlines browsers normalise first (HTML §13.2.3.5).
    #[must_use]
    pub fn hash_of(inline: &str) -> Self {
        let text = inline.replace("\r\n", "\n").replace('\r', "\n");
        Self(format!("'{}'", Digest::of(text.as_bytes()).integrity()).into())
    }

    /// One of the defaults.
    pub(crate) const fn fixed(source: &'static str) -> Self {
        Self(Cow::Borrowed(source))
    }

    /// The expression as it stands in a policy.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub(crate) fn is_hash_or_nonce(&self) -> bool {
        self.0.strip_prefix('\'').is_some_and(|word| {
            let word = word.to_ascii_lowercase();
            PREFIXES.iter().any(|prefix| word.starts_with(prefix))
        })
    }

    pub(crate) fn is(&self, expression: &str) -> bool {
        self.0.eq_ignore_ascii_case(expression)
    }
}

fn is_quoted_word(lower: &str) -> bool {
    // `script` is no host name that anybody means, but quoted in `require-trusted-types-for` alone.
    KEYWORDS.contains(&lower)
        || PREFIXES.iter().any(|prefix| lower.strip_prefix(prefix).is_some_and(|value| !value.is_empty()))
}

impl InvalidSource {
    /// Remedy: the source to write in its place.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Empty => {
                "name a source: `\"https://api.example\"`, `\"data:\"`, `\"'unsafe-inline'\"`".to_owned()
            }
            Self::Character(_) => {
                "write each source as a string of its own: `[\"https://a.example\", \"data:\"]`".to_owned()
            }
            Self::Unquoted(word) => {
                format!("write `\"'{word}'\"`: without the quotes it is the name of a host")
            }
            Self::UnknownKeyword(_) => {
                let known: Vec<_> = KEYWORDS[..8].iter().map(|word| format!("'{word}'")).collect();
                format!("the keywords are {}; hashes and nonces are quoted too", known.join(", "))
            }
            Self::None => {
                "remove it: sources are added to those of the default policy; `headers` replaces the \
                           whole policy"
                    .to_owned()
            }
        }
    }
}

impl fmt::Display for PolicySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PolicySource {
    type Error = InvalidSource;

    fn try_from(source: String) -> Result<Self, InvalidSource> {
        // The default policy of a manifest has it.
        if source == "'none'" { Ok(Self(source.into())) } else { Self::new(source) }
    }
}

impl From<PolicySource> for String {
    fn from(source: PolicySource) -> Self {
        source.0.into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_cannot_leave_its_directive_and_keeps_its_quotes() {
        for valid in [
            "https://a.example:8443/b/",
            "data:",
            "*.example",
            "'self'",
            "'nonce-YQ=='",
            "'SHA256-YQ=='",
            "/csp",
        ] {
            assert_eq!(PolicySource::new(valid).expect(valid).as_str(), valid);
        }
        let character = |source: &str| InvalidSource::Character(source.to_owned());
        let unquoted = |source: &str| InvalidSource::Unquoted(source.to_owned());
        let unknown = |source: &str| InvalidSource::UnknownKeyword(source.to_owned());
        for (source, expected) in [
            ("", InvalidSource::Empty),
            ("a.example; script-src *", character("a.example; script-src *")),
            ("a.example,b.example", character("a.example,b.example")),
            ("bücher.example", character("bücher.example")),
            ("a\nb", character("a\nb")),
            ("self", unquoted("self")),
            ("Unsafe-Inline", unquoted("Unsafe-Inline")),
            ("none", unquoted("none")),
            ("sha256-YQ==", unquoted("sha256-YQ==")),
            ("'unsafe-inlin'", unknown("'unsafe-inlin'")),
            ("'self", unknown("'self")),
            ("'nonce-'", unknown("'nonce-'")),
            ("'none'", InvalidSource::None),
        ] {
            assert_eq!(PolicySource::new(source), Err(expected), "{source}");
        }
    }

    #[test]
    fn a_hash_is_that_of_the_text_with_line_feeds() {
        let hash = PolicySource::hash_of("a\r\nb\rc");
        assert_eq!(hash.as_str(), format!("'{}'", Digest::of(b"a\nb\nc").integrity()));
        assert!(hash.is_hash_or_nonce());
    }
}
