//! Attributes whose value holds URLs among other text: `srcset`, and `content` of a refresh.

use std::ops::Range;

/// The URLs in the value of an attribute.
pub(super) fn urls(html: &str, name: &str, value: Range<usize>) -> Vec<Range<usize>> {
    if name.ends_with("srcset") { candidates(html, value) } else { vec![value] }
}

/// The URLs of a `srcset`, each followed by a descriptor or a comma (HTML §4.8.4.2.1).
fn candidates(html: &str, value: Range<usize>) -> Vec<Range<usize>> {
    let mut urls = Vec::new();
    let mut at = value.start;
    while at < value.end {
        let rest = &html[at..value.end];
        let start = at + rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
        let length = html[start..value.end].find(char::is_whitespace).unwrap_or(value.end - start);
        let url = html[start..start + length].trim_end_matches(',');
        if !url.is_empty() {
            urls.push(start..start + url.len());
        }
        let after = &html[start + url.len()..value.end];
        at = value.end - after.len() + after.find(',').map_or(after.len(), |comma| comma + 1);
    }
    urls
}

/// The URL of `<meta http-equiv=refresh content="5; url=about.html">` (HTML §4.2.5.3).
pub(super) fn refresh(html: &str, value: Range<usize>) -> Option<Range<usize>> {
    let content = &html[value.clone()];
    let at = content.to_ascii_lowercase().find("url=")? + "url=".len();
    let url = content[at..].trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    let start = value.start + at + content[at..].find(url)?;
    (!url.is_empty()).then_some(start..start + url.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_srcset_is_split_as_browsers_split_it() {
        let html = " a.png 1x,b.png 2x , c,d.png, e.png";
        let urls = candidates(html, 0..html.len());
        let found: Vec<&str> = urls.into_iter().map(|url| &html[url]).collect();
        assert_eq!(found, ["a.png", "b.png", "c,d.png", "e.png"]);
    }
}
