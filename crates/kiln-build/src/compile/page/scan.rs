//! Where a page refers to what, and its inline scripts and styles.

use std::{cell::RefCell, ops::Range};

use lol_html::{
    RewriteStrSettings, element, errors::RewritingError, html_content::Element, rewrite_str, text,
};

use crate::resolve::Purpose;

/// The attributes that refer to a file (HTML Living Standard, index of attributes; SVG 2 for `use` and
/// `image`), by element.
const ATTRIBUTES: [(&str, &str); 22] = [
    ("a", "href"),
    ("area", "href"),
    ("audio", "src"),
    ("base", "href"),
    ("embed", "src"),
    ("iframe", "src"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("img", "src"),
    ("img", "srcset"),
    ("input", "src"),
    ("link", "href"),
    ("link", "imagesrcset"),
    ("object", "data"),
    ("script", "src"),
    ("source", "src"),
    ("source", "srcset"),
    ("track", "src"),
    ("use", "href"),
    ("use", "xlink:href"),
    ("video", "poster"),
    ("video", "src"),
];

/// The link relations whose target the page itself needs; the rest are places to go to.
const RESOURCE_RELATIONS: [&str; 8] = [
    "apple-touch-icon",
    "icon",
    "manifest",
    "mask-icon",
    "modulepreload",
    "prefetch",
    "preload",
    "stylesheet",
];

/// One reference in a page.
#[derive(Debug)]
pub(super) struct Place {
    /// The bytes of the URL, without quotes.
    pub(super) url: Range<usize>,
    /// Where the element begins.
    pub(super) element: usize,
    /// Where integrity metadata can be put in; none when the element has its own.
    pub(super) integrity: Option<usize>,
    pub(super) role: Role,
    pub(super) purpose: Purpose,
}

/// What a reference makes of its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Module,
    ClassicScript,
    Style,
    /// `<base>`, which would change what every other reference means.
    Base,
    Other,
}

/// Finds every place, in the order of the page.
pub(super) fn scan(html: &str) -> Result<(Vec<Place>, Vec<InlineText>), RewritingError> {
    let places = RefCell::new(Vec::new());
    let inline = RefCell::new(Vec::new());
    let begin = |language| inline.borrow_mut().push(InlineText { language, place: 0..0 });
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("*", |element| {
            places.borrow_mut().extend(places_of(html, element));
            Ok(())
        }))
        .append_element_content_handler(element!("script:not([src])", |_| {
            begin(InlineLanguage::Script);
            Ok(())
        }))
        .append_element_content_handler(element!("style", |_| {
            begin(InlineLanguage::Style);
            Ok(())
        }))
        .append_element_content_handler(text!("script:not([src]), style", |chunk| {
            if let Some(last) = inline.borrow_mut().last_mut() {
                last.extend(chunk.source_location().bytes());
            }
            Ok(())
        }));
    rewrite_str(html, settings)?;
    Ok((places.into_inner(), inline.into_inner()))
}

/// An inline script or style.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InlineText {
    pub(super) language: InlineLanguage,
    /// Its text, between the tags.
    pub(super) place: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InlineLanguage {
    Script,
    Style,
}

impl InlineText {
    fn extend(&mut self, chunk: Range<usize>) {
        let start = if self.place.is_empty() { chunk.start } else { self.place.start };
        self.place = start..chunk.end.max(self.place.end);
    }
}

impl Role {
    fn takes_integrity(self) -> bool {
        matches!(self, Self::Module | Self::ClassicScript | Self::Style)
    }
}

fn places_of(html: &str, element: &Element<'_, '_>) -> Vec<Place> {
    let tag = element.tag_name();
    let start = element.source_location().bytes().start;
    let (role, purpose) = (role(element, &tag), purpose(element, &tag));
    let takes_integrity = role.takes_integrity() && !element.has_attribute("integrity");
    let integrity = takes_integrity.then_some(start + 1 + tag.len());
    let attributes = element
        .attributes()
        .iter()
        .filter(|attribute| ATTRIBUTES.iter().any(|(name, key)| *name == tag && *key == attribute.name()));
    attributes
        .filter_map(|attribute| Some((attribute.name(), attribute.value_source_location()?.bytes())))
        .flat_map(
            |(name, value)| if name.ends_with("srcset") { candidates(html, value) } else { vec![value] },
        )
        .map(|url| Place { url, element: start, integrity, role, purpose })
        .collect()
}

/// The URLs of a `srcset` (HTML §4.8.4.2.1): each is followed by a descriptor or a comma.
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

fn role(element: &Element<'_, '_>, tag: &str) -> Role {
    let is = |name: &str, value: &str| {
        element
            .get_attribute(name)
            .is_some_and(|found| found.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(value)))
    };
    match tag {
        "script" if is("type", "module") => Role::Module,
        "script" => Role::ClassicScript,
        "link" if is("rel", "stylesheet") => Role::Style,
        "base" => Role::Base,
        _ => Role::Other,
    }
}

fn purpose(element: &Element<'_, '_>, tag: &str) -> Purpose {
    let relations = element.get_attribute("rel").unwrap_or_default().to_ascii_lowercase();
    let needs = || relations.split_ascii_whitespace().any(|word| RESOURCE_RELATIONS.contains(&word));
    match tag {
        "a" | "area" | "iframe" => Purpose::Navigation,
        "link" if !needs() => Purpose::Navigation,
        _ => Purpose::Resource,
    }
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

    #[test]
    fn the_scan_finds_each_reference_once_and_all_inline_text() {
        let html = r#"<style>a{}</style><LINK rel="Stylesheet" href=a.css><script type=module src='b.ts'></script>
            <script>let x = "<p>";</script><img src="c.png" srcset="d.png 2x"><p href="no">"#;
        let (places, inline) = scan(html).expect("scan");
        let found: Vec<(&str, Role)> =
            places.iter().map(|place| (&html[place.url.clone()], place.role)).collect();
        let expected =
            [("a.css", Role::Style), ("b.ts", Role::Module), ("c.png", Role::Other), ("d.png", Role::Other)];
        assert_eq!(found, expected);
        let found: Vec<_> = inline.into_iter().map(|text| (text.language, &html[text.place])).collect();
        let expected = [(InlineLanguage::Style, "a{}"), (InlineLanguage::Script, "let x = \"<p>\";")];
        assert_eq!(found, expected);
    }
}
