//! The scan of a page: its references, and its inline scripts and styles.

use std::{cell::RefCell, ops::Range};

use lol_html::{
    RewriteStrSettings, doc_text, element, errors::RewritingError, html_content::Element, rewrite_str, text,
};

use kiln_manifest::{CorsSetting, Destination, Directive};

use super::{
    attribute::{PRESENTATION, Role, directive, has_word, is_cors, purpose, refers, role},
    head_end::HeadEnd,
    inline::{InlineLanguage, InlineText, inline_language},
    preload,
    srcset::{candidates, refresh},
};
use crate::reference::Purpose;

/// The result of a scan.
#[derive(Debug, Default)]
pub(super) struct PageContent {
    /// References, in document order.
    pub(super) places: Vec<UrlPlace>,
    /// Inline scripts and styles.
    pub(super) inline: Vec<InlineText>,
    /// Attributes that hold CSS.
    pub(super) declarations: Vec<Declarations>,
    /// Attributes that hold scripts: `onclick`.
    pub(super) handlers: Vec<Range<usize>>,
    /// Attributes whose URLs the policy of the page decides about.
    pub(super) decided: Vec<(Directive, Range<usize>)>,
    /// Attributes that hold a page of their own: `srcdoc`.
    pub(super) documents: Vec<Range<usize>>,
    /// The offset of the end of the head.
    pub(super) head_end: usize,
}

/// An attribute that holds CSS.
#[derive(Debug)]
pub(super) struct Declarations {
    /// The bytes of the value, without quotes.
    pub(super) value: Range<usize>,
    /// Whether the attribute is `style`, whose value needs a hash in the page's policy.
    pub(super) is_style: bool,
}

/// One reference in a page.
#[derive(Debug)]
pub(super) struct UrlPlace {
    /// The bytes of the URL, without quotes.
    pub(super) url: Range<usize>,
    /// The offset of the element.
    pub(super) element: usize,
    /// The offset for integrity metadata; `None` when the element has its own.
    pub(super) integrity: Option<usize>,
    /// The offset for a missing `crossorigin`.
    pub(super) cross_origin: Option<usize>,
    /// The request mode of a preload.
    pub(super) preload: Option<(Destination, CorsSetting)>,
    pub(super) role: Role,
    pub(super) purpose: Purpose,
}

/// Scans a page.
pub(super) fn scan(html: &str) -> Result<PageContent, RewritingError> {
    let found = RefCell::new(PageContent::default());
    let head = HeadEnd::default();
    let begin = |language| found.borrow_mut().inline.push(InlineText { language, place: 0..0 });
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("*", |element| {
            let mut found = found.borrow_mut();
            found.places.extend(places_of(html, element));
            found.add_attributes(html, element);
            head.read_element(element)
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
    let settings = settings.append_document_content_handler(doc_text!(|chunk| {
        head.read_text(chunk);
        Ok(())
    }));
    rewrite_str(html, settings)?;
    Ok(PageContent { head_end: head.offset(html.len()), ..found.into_inner() })
}

impl PageContent {
    /// Records attributes of any element that hold CSS, scripts or pages.
    fn add_attributes(&mut self, html: &str, element: &Element<'_, '_>) {
        let tag = element.tag_name();
        let role = role(element, &tag);
        for attribute in element.attributes() {
            let name = attribute.name();
            let Some(value) = attribute.value_source_location().map(|place| place.bytes()) else { continue };
            let is_url = refers(element, &tag, &name) || ["action", "formaction"].contains(&name.as_str());
            if let Some(directive) = is_url.then(|| directive(element, &tag, &name, role)).flatten() {
                let urls = if name.ends_with("srcset") {
                    candidates(html, value.clone())
                } else {
                    vec![value.clone()]
                };
                self.decided.extend(urls.into_iter().map(|url| (directive, url)));
            }
            if name == "style" || PRESENTATION.contains(&name.as_str()) {
                self.declarations.push(Declarations { value, is_style: name == "style" });
            } else if name.starts_with("on") && name.len() > 2 {
                self.handlers.push(value);
            } else if name == "srcdoc" && tag == "iframe" {
                self.documents.push(value);
            }
        }
    }
}

fn places_of(html: &str, element: &Element<'_, '_>) -> Vec<UrlPlace> {
    let tag = element.tag_name();
    let start = element.source_location().bytes().start;
    let (role, purpose) = (role(element, &tag), purpose(element, &tag));
    let inside = start + 1 + tag.len();
    let lacks = |name| !element.has_attribute(name);
    let integrity = (role.takes_integrity() && lacks("integrity")).then_some(inside);
    // Fonts, and fetches of scripts, use CORS mode (CSS Fonts Level 4 §4.8, Fetch §5.4). A preload in another mode is
    // fetched in vain.
    let is_cors_preload = tag == "link" && has_word(element, "rel", "preload") && is_cors(element);
    let cross_origin = (is_cors_preload && lacks("crossorigin")).then_some(inside);
    // A preload does not match an element with integrity metadata of its own.
    let preload = integrity.and_then(|_| preload::of(element, role));
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
        .map(|url| UrlPlace { url, element: start, integrity, cross_origin, preload, role, purpose })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scan_finds_each_reference_once_and_all_inline_text() {
        let html = r#"<style>a{}</style><LINK rel="Stylesheet" href=a.css><script type=module src='b.ts'></script>
            <script>let x = "<p>";</script><img src="c.png" srcset="d.png 2x"><p href="no">"#;
        let PageContent { places, inline, .. } = scan(html).expect("scan");
        let found: Vec<(&str, Role)> =
            places.iter().map(|place| (&html[place.url.clone()], place.role)).collect();
        let expected =
            [("a.css", Role::Style), ("b.ts", Role::Module), ("c.png", Role::Other), ("d.png", Role::Other)];
        assert_eq!(found, expected);
        let found: Vec<_> = inline.into_iter().map(|text| (text.language, &html[text.place])).collect();
        let expected = [(InlineLanguage::Style, "a{}"), (InlineLanguage::Script, "let x = \"<p>\";")];
        assert_eq!(found, expected);
    }

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
    fn preloads_of_fonts_and_fetches_get_cors_mode() {
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
}
