//! The list of assets in a service worker, and the id of the build.

use kiln_manifest::Digest;
use serde_json::json;

/// An asset of the list. They are sorted by URL.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ListedAsset<'a> {
    pub(super) url: String,
    pub(super) media_type: &'a str,
    pub(super) digest: Digest,
}

/// The value that the module `kiln:assets` parses, as the content of a string literal. The id of the build is a digest of
/// all that is listed, and stands beside the list: a page keeps its URL when its content changes.
pub(super) fn written(mut listed: Vec<ListedAsset<'_>>) -> String {
    listed.sort_unstable();
    let described = listed.iter().map(|asset| format!("{} {}", asset.url, asset.digest));
    let described: Vec<_> = described.collect();
    let build = Digest::of_parts(described.iter().map(String::as_bytes)).fingerprint();
    let assets = listed.iter().map(|ListedAsset { url, media_type, .. }| {
        let (essence, _) = media_type.split_once(';').unwrap_or((media_type, ""));
        json!({ "url": url, "type": essence })
    });
    literal_content(&json!({ "build": build, "assets": assets.collect::<Vec<_>>() }).to_string())
}

/// `text` in a string literal, whichever quotes a minifier has chosen.
fn literal_content(text: &str) -> String {
    let mut content = String::with_capacity(text.len() + text.len() / 4);
    for character in text.chars() {
        if matches!(character, '\\' | '"' | '\'' | '`' | '$') {
            content.push('\\');
        }
        content.push(character);
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_in_any_quotes_has_the_same_value() {
        let text = r#"{"url":"/a'b`$c\\"}"#;
        let content = literal_content(text);
        for quote in ['"', '\'', '`'] {
            let mut end = content.match_indices(quote).map(|(at, _)| at);
            assert!(end.all(|at| content[..at].ends_with('\\')), "{quote} ends {content}");
        }
        assert_eq!(content, r#"{\"url\":\"/a\'b\`\$c\\\\\"}"#);
    }
}
