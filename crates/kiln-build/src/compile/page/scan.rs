//! Where a page refers to what, and its inline scripts and styles.

use std::{cell::RefCell, ops::Range};

use lol_html::{
    RewriteStrSettings, element, errors::RewritingError, html_content::Element, rewrite_str, text,
};

use crate::resolve::Purpose;

/// The attributes that refer to a file (HTML Living Standard, index of attributes; SVG 2 for `use`, `image`
/// and `feImage`), by element. `action`, `formaction` and `ping` are not among them: what they name is sent to,
/// which is for a route of the application.
const ATTRIBUTES: [(&str, &str); 26] = [
    ("a", "href"),
    ("a", "xlink:href"),
    ("area", "href"),
    ("audio", "src"),
    ("base", "href"),
    ("body", "background"),
    ("embed", "src"),
    ("feimage", "href"),
    ("feimage", "xlink:href"),
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
const RESOURCE_RELATIONS: [&str; 11] = [
    "apple-touch-icon",
    "apple-touch-icon-precomposed",
    "apple-touch-startup-image",
    "icon",
    "manifest",
    "mask-icon",
    "modulepreload",
    "prefetch",
    "preload",
    "search",
    "stylesheet",
];

/// The `<meta>` names and properties whose content is the URL of a file (ogp.me, Twitter cards).
const META: [&str; 8] = [
    "msapplication-tileimage",
    "og:audio",
    "og:image",
    "og:image:url",
    "og:video",
    "twitter:image",
    "twitter:image:src",
    "twitter:player:stream",
];

/// The presentation attributes of SVG that may hold `url()` (SVG 2, property index).
const PRESENTATION: [&str; 9] =
    ["clip-path", "cursor", "fill", "filter", "marker-end", "marker-mid", "marker-start", "mask", "stroke"];

/// What a page holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// References, in the order of the page.
    pub(super) places: Vec<Place>,
    /// Inline scripts and styles.
    pub(super) inline: Vec<InlineText>,
    /// Attributes that hold CSS.
    pub(super) declarations: Vec<Declarations>,
    /// Attributes that hold scripts: `onclick`.
    pub(super) handlers: Vec<Range<usize>>,
}

/// An attribute that holds CSS.
#[derive(Debug)]
pub(super) struct Declarations {
    /// The bytes of its value, without quotes.
    pub(super) value: Range<usize>,
    /// Whether it is `style`, for which the policy of the page needs a hash.
    pub(super) is_style: bool,
}

/// One reference in a page.
#[derive(Debug)]
pub(super) struct Place {
    /// The bytes of the URL, without quotes.
    pub(super) url: Range<usize>,
    /// Where the element begins.
    pub(super) element: usize,
    /// Where integrity metadata can be put in; none when the element has its own.
    pub(super) integrity: Option<usize>,
    /// Where `crossorigin` has to be put in.
    pub(super) cross_origin: Option<usize>,
    pub(super) role: Role,
    pub(super) purpose: Purpose,
}

/// What a reference makes of its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A script of type `module`, or a link that fetches one early.
    Module,
    /// Any other script, or a link that fetches one early.
    ClassicScript,
    /// A style sheet, or a link that fetches one early.
    Style,
    /// The manifest of a web application.
    Manifest,
    /// `<base>`, which would change what every other reference means.
    Base,
    Other,
}

/// Finds everything that [`Found`] names.
pub(super) fn scan(html: &str) -> Result<Found, RewritingError> {
    let found = RefCell::new(Found::default());
    let begin = |language| found.borrow_mut().inline.push(InlineText { language, place: 0..0 });
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("*", |element| {
            let mut found = found.borrow_mut();
            found.places.extend(places_of(html, element));
            found.attributes_of(element);
            Ok(())
        }))
        .append_element_content_handler(element!("script:not([src])", |element| {
            begin(inline_language(element));
            Ok(())
        }))
        .append_element_content_handler(element!("style", |_| {
            begin(InlineLanguage::Style);
            Ok(())
        }))
        .append_element_content_handler(text!("script:not([src]), style", |chunk| {
            if let Some(last) = found.borrow_mut().inline.last_mut() {
                last.extend(chunk.source_location().bytes());
            }
            Ok(())
        }));
    rewrite_str(html, settings)?;
    Ok(found.into_inner())
}

impl Found {
    /// Attributes that every element may have.
    fn attributes_of(&mut self, element: &Element<'_, '_>) {
        for attribute in element.attributes() {
            let name = attribute.name();
            let Some(value) = attribute.value_source_location().map(|place| place.bytes()) else { continue };
            if name == "style" || PRESENTATION.contains(&name.as_str()) {
                self.declarations.push(Declarations { value, is_style: name == "style" });
            } else if name.starts_with("on") && name.len() > 2 {
                self.handlers.push(value);
            }
        }
    }
}

/// What the text of a script is (HTML §4.12.1, the `type` attribute).
fn inline_language(element: &Element<'_, '_>) -> InlineLanguage {
    let kind = element.get_attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "module" => InlineLanguage::Module,
        "importmap" => InlineLanguage::ImportMap,
        "" | "speculationrules" => InlineLanguage::Script,
        kind if kind.contains("javascript") || kind.contains("ecmascript") => InlineLanguage::Script,
        _ => InlineLanguage::Data,
    }
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
    Module,
    ImportMap,
    Style,
    /// For scripts to read; browsers do not run it.
    Data,
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
    let inside = start + 1 + tag.len();
    let lacks = |name| !element.has_attribute(name);
    let integrity = (role.takes_integrity() && lacks("integrity")).then_some(inside);
    // Fonts and what scripts fetch are asked for in CORS mode (CSS Fonts Level 4 §4.8, Fetch §5.4). A preload
    // that asks in another mode is fetched in vain.
    let is_fetched_in_cors_mode = tag == "link" && has_word(element, "rel", "preload") && is_cors(element);
    let cross_origin = (is_fetched_in_cors_mode && lacks("crossorigin")).then_some(inside);
    let attributes = element.attributes().iter().filter_map(|attribute| {
        let name = attribute.name();
        refers(element, &tag, &name).then_some((name, attribute.value_source_location()?.bytes()))
    });
    attributes
        .flat_map(|(name, value)| match name.as_str() {
            "srcset" | "imagesrcset" => candidates(html, value),
            "content" if purpose == Purpose::Navigation => refresh(html, value).into_iter().collect(),
            _ => vec![value],
        })
        .map(|url| Place { url, element: start, integrity, cross_origin, role, purpose })
        .collect()
}

fn refers(element: &Element<'_, '_>, tag: &str, attribute: &str) -> bool {
    match (tag, attribute) {
        ("meta", "content") => is_refresh(element) || names_a_file(element),
        _ => ATTRIBUTES.contains(&(tag, attribute)),
    }
}

fn names_a_file(meta: &Element<'_, '_>) -> bool {
    let name = meta.get_attribute("property").or_else(|| meta.get_attribute("name")).unwrap_or_default();
    META.contains(&name.to_ascii_lowercase().as_str())
}

fn is_refresh(element: &Element<'_, '_>) -> bool {
    element.get_attribute("http-equiv").is_some_and(|value| value.eq_ignore_ascii_case("refresh"))
}

/// The URL of `<meta http-equiv=refresh content="5; url=about.html">` (HTML §4.2.5.3).
fn refresh(html: &str, value: Range<usize>) -> Option<Range<usize>> {
    let content = &html[value.clone()];
    let at = content.to_ascii_lowercase().find("url=")? + "url=".len();
    let url = content[at..].trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\''));
    let start = value.start + at + content[at..].find(url)?;
    (!url.is_empty()).then_some(start..start + url.len())
}

fn is_cors(preload: &Element<'_, '_>) -> bool {
    preload.get_attribute("as").is_some_and(|kind| ["fetch", "font"].contains(&&*kind.to_ascii_lowercase()))
}

fn has_word(element: &Element<'_, '_>, attribute: &str, word: &str) -> bool {
    let value = element.get_attribute(attribute).unwrap_or_default();
    value.split_ascii_whitespace().any(|found| found.eq_ignore_ascii_case(word))
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
    let is = |name: &str, value: &str| has_word(element, name, value);
    match tag {
        "script" if is("type", "module") => Role::Module,
        "script" => Role::ClassicScript,
        "link" if is("rel", "stylesheet") => Role::Style,
        "link" if is("rel", "modulepreload") => Role::Module,
        "link" if is("rel", "preload") && is("as", "style") => Role::Style,
        "link" if is("rel", "preload") && is("as", "script") => Role::ClassicScript,
        "link" if is("rel", "manifest") => Role::Manifest,
        "base" => Role::Base,
        _ => Role::Other,
    }
}

fn purpose(element: &Element<'_, '_>, tag: &str) -> Purpose {
    let relations = element.get_attribute("rel").unwrap_or_default().to_ascii_lowercase();
    let needs = || relations.split_ascii_whitespace().any(|word| RESOURCE_RELATIONS.contains(&word));
    match tag {
        "a" | "area" | "iframe" => Purpose::Navigation,
        "meta" if is_refresh(element) => Purpose::Navigation,
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
        let Found { places, inline, .. } = scan(html).expect("scan");
        let found: Vec<(&str, Role)> =
            places.iter().map(|place| (&html[place.url.clone()], place.role)).collect();
        let expected =
            [("a.css", Role::Style), ("b.ts", Role::Module), ("c.png", Role::Other), ("d.png", Role::Other)];
        assert_eq!(found, expected);
        let found: Vec<_> = inline.into_iter().map(|text| (text.language, &html[text.place])).collect();
        let expected = [(InlineLanguage::Style, "a{}"), (InlineLanguage::Script, "let x = \"<p>\";")];
        assert_eq!(found, expected);
    }
    /// Each reference that HTML can hold, and what is left alone.
    #[test]
    fn every_attribute_that_refers_to_a_file_is_found() {
        for (html, expected) in [
            ("<video src=a poster=b><track src=c></video>", &["a", "b", "c"][..]),
            ("<object data=a></object><embed src=b><iframe src=c></iframe>", &["a", "b", "c"]),
            ("<picture><source srcset='a 1x, b 2x'><img src=c></picture>", &["a", "b", "c"]),
            ("<link rel=preload as=image imagesrcset='a 1x, b 2x' href=c>", &["a", "b", "c"]),
            ("<svg><use href='a#x'/><image xlink:href=b /><feImage href=c /></svg>", &["a#x", "b", "c"]),
            ("<meta property='og:image' content='a.png'><meta name=description content='b'>", &["a.png"]),
            ("<meta http-equiv=Refresh content='5; URL=\"a.html\"'>", &["a.html"]),
            ("<meta http-equiv=refresh content=5>", &[]),
            ("<form action=a><button formaction=b></button></form><a ping=c>x</a>", &[]),
            ("<input type=image src=a><audio src=b></audio><area href=c>", &["a", "b", "c"]),
        ] {
            let places = scan(html).expect("scan").places;
            let found: Vec<&str> = places.iter().map(|place| &html[place.url.clone()]).collect();
            assert_eq!(found, expected, "{html}");
        }
    }

    #[test]
    fn a_preload_of_a_font_is_fetched_as_the_font_will_be() {
        for (html, expected) in [
            ("<link rel=preload as=font href=a>", true),
            ("<link rel=preload as=fetch href=a>", true),
            ("<link rel=preload as=font href=a crossorigin>", false),
            ("<link rel=preload as=image href=a>", false),
            ("<link rel=modulepreload href=a>", false),
        ] {
            assert_eq!(scan(html).expect("scan").places[0].cross_origin.is_some(), expected, "{html}");
        }
    }

    #[test]
    fn inline_text_is_told_by_its_type() {
        use InlineLanguage::{Data, ImportMap, Module, Script};
        for (kind, expected) in [
            ("", Script),
            ("type='text/javascript'", Script),
            ("type=importmap", ImportMap),
            ("type=module", Module),
            ("type='application/json'", Data),
            ("type='text/template'", Data),
        ] {
            let html = format!("<script {kind}>x</script>");
            assert_eq!(scan(&html).expect("scan").inline[0].language, expected, "{kind}");
        }
    }
}
