//! `[package.metadata.kiln.headers]`: additional response header fields, by globs.

use std::collections::BTreeMap;

use kiln_manifest::LogicalPath;
use toml::Spanned;

use super::glob_list::WrittenGlob;
use crate::{Result, text::Text};

/// `headers` in `Cargo.toml`: a glob, and the fields of the assets that match.
pub(super) type HeadersTable = BTreeMap<Spanned<String>, BTreeMap<String, Spanned<String>>>;

/// Response header fields, by globs.
#[derive(Clone, Debug, Default)]
pub struct Headers(Vec<(WrittenGlob, Vec<(String, String)>)>);

/// Fields that the server computes for each response (RFC 9110 §8, §14 and §15; RFC 9112).
const SERVER_FIELDS: [&str; 12] = [
    "accept-ranges",
    "allow",
    "connection",
    "content-encoding",
    "content-length",
    "content-range",
    "date",
    "etag",
    "location",
    "trailer",
    "transfer-encoding",
    "vary",
];

impl Headers {
    pub(super) fn checked(text: &Text, table: &HeadersTable) -> Result<Self> {
        let rules = table.iter().map(|(pattern, fields)| {
            let glob = WrittenGlob::checked(text, pattern)?;
            let fields = fields.iter().map(|(name, value)| field(text, name, value));
            Ok((glob, fields.collect::<Result<_>>()?))
        });
        rules.collect::<Result<_>>().map(Self)
    }

    /// Warnings for globs that match none of `outputs`.
    pub(crate) fn unmatched(&self, outputs: &[&str]) -> Vec<String> {
        self.0.iter().filter_map(|(glob, _)| glob.unmatched("headers", "file", outputs)).collect()
    }

    /// The fields of an asset, with names in lower case, sorted; where several globs set a field, the last glob in
    /// alphabetical order wins.
    #[must_use]
    pub fn of(&self, path: &LogicalPath) -> Vec<(String, String)> {
        let matching = self.0.iter().filter(|(glob, _)| glob.is_match(path.as_str()));
        let fields: BTreeMap<_, _> = matching.flat_map(|(_, fields)| fields.iter().cloned()).collect();
        fields.into_iter().collect()
    }
}

fn field(text: &Text, name: &str, value: &Spanned<String>) -> Result<(String, String)> {
    let mistake = |problem: String, help: &str| text.error(value.span(), problem).with_help(help);
    let lower = name.to_ascii_lowercase();
    if name.is_empty() || !name.bytes().all(is_tchar) {
        return Err(mistake(
            format!("invalid header name `{name}`"),
            "use letters, digits and dashes: `Access-Control-Allow-Origin`",
        )
        .into());
    }
    if SERVER_FIELDS.contains(&lower.as_str()) {
        return Err(mistake(
            format!("header `{name}` is set by the server"),
            "remove it: its value differs from response to response",
        )
        .into());
    }
    let trimmed = value.get_ref().trim_matches([' ', '\t']);
    if trimmed.is_empty() || !trimmed.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) {
        return Err(
            mistake(format!("invalid value of header `{name}`"), "use printable ASCII, in one line").into()
        );
    }
    Ok((lower, trimmed.to_owned()))
}

/// `tchar` of RFC 9110 §5.6.2.
fn is_tchar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}
