//! The scan of a page: its references, and its inline scripts and styles.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    ops::Range,
    rc::Rc,
};

use lol_html::{
    HandlerResult, RewriteStrSettings, doc_text, element, end_tag, errors::RewritingError,
    html_content::Element, rewrite_str, text,
};

use kiln_manifest::Directive;

use super::{
    attribute::{PRESENTATION, directive, refers, role},
    head_end::HeadEnd,
    include_element::{INCLUDE, IncludeElement},
    inline::{InlineLanguage, InlineText, inline_language},
    metadata,
    srcset::urls,
    unknown_attribute::{UnknownAttribute, may_be_file},
    url_place::{UrlPlace, places_of},
};
use crate::config::ReferenceAttributes;

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
    /// Places of partials, in document order.
    pub(super) includes: Vec<IncludeElement>,
    /// Values of unknown attributes that may be names of files.
    pub(super) unknown: Vec<UnknownAttribute>,
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

/// Scans a page, in which `attributes` are references beside those of HTML.
pub(super) fn scan(html: &str, attributes: &ReferenceAttributes) -> Result<PageContent, RewritingError> {
    let found = RefCell::new(PageContent::default());
    let head = HeadEnd::default();
    // Open elements whose content browsers do not load at once.
    let inert = Rc::new(Cell::new(0));
    let begin = |language| found.borrow_mut().inline.push(InlineText { language, place: 0..0 });
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("*", |element| {
            let mut found = found.borrow_mut();
            if element.tag_name() == INCLUDE {
                found.includes.push(IncludeElement::of(html, element));
                return Ok(());
            }
            let places = places_of(html, element, attributes);
            found.places.extend(places.into_iter().map(|place| place.inert_if(inert.get() > 0)));
            found.add_attributes(html, element, attributes);
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
        .append_element_content_handler(element!("template, x-script", |element| count(&inert, element)))
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
    rewrite_str(&with_noscript_as_elements(html), settings)?;
    Ok(PageContent { head_end: head.offset(html.len()), ..found.into_inner() })
}

/// Counts an element while it is open.
fn count(open: &Rc<Cell<usize>>, element: &mut Element<'_, '_>) -> HandlerResult {
    if !element.can_have_content() {
        return Ok(());
    }
    open.set(open.get() + 1);
    let open = Rc::clone(open);
    element.on_end_tag(end_tag!(move |_| {
        open.set(open.get().saturating_sub(1));
        Ok(())
    }))
}

/// The page with another name for `noscript`, of the same length: by that name its content would be text, as it is for
/// a browser that runs scripts.
fn with_noscript_as_elements(html: &str) -> Cow<'_, str> {
    const NAMES: (&str, &str) = ("noscript", "x-script");
    let lower = html.to_ascii_lowercase();
    let tags = lower.match_indices(NAMES.0).map(|(at, _)| at);
    let tags: Vec<usize> =
        tags.filter(|at| lower[..*at].ends_with('<') || lower[..*at].ends_with("</")).collect();
    if tags.is_empty() {
        return html.into();
    }
    let mut renamed = html.to_owned();
    for at in tags {
        renamed.replace_range(at..at + NAMES.0.len(), NAMES.1);
    }
    renamed.into()
}

impl PageContent {
    /// Records attributes of any element that hold CSS, scripts, pages or perhaps names of files.
    fn add_attributes(&mut self, html: &str, element: &Element<'_, '_>, attributes: &ReferenceAttributes) {
        let tag = element.tag_name();
        let role = role(element, &tag);
        for attribute in element.attributes() {
            let name = attribute.name();
            let Some(value) = attribute.value_source_location().map(|place| place.bytes()) else { continue };
            let is_reference = refers(&tag, &name) || attributes.has(&tag, &name);
            let is_url = is_reference || ["action", "formaction"].contains(&name.as_str());
            if let Some(directive) = is_url.then(|| directive(element, &tag, &name, role)).flatten() {
                self.decided.extend(urls(html, &name, value.clone()).into_iter().map(|url| (directive, url)));
            }
            if name == "style" || PRESENTATION.contains(&name.as_str()) {
                self.declarations.push(Declarations { value, is_style: name == "style" });
            } else if name.starts_with("on") && name.len() > 2 {
                self.handlers.push(value);
            } else if name == "srcdoc" && tag == "iframe" {
                self.documents.push(value);
            } else if !(is_url || tag == "meta" && metadata::purpose(element).is_some()) {
                let values = urls(html, &name, value).into_iter();
                let values = values.filter(|value| may_be_file(&name, &html[value.clone()]));
                self.unknown.extend(values.map(|value| UnknownAttribute {
                    tag: tag.clone(),
                    name: name.clone(),
                    value,
                }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::attribute::Role, *};

    #[test]
    fn the_scan_finds_each_reference_once_and_all_inline_text() {
        let html = r#"<style>a{}</style><LINK rel="Stylesheet" href=a.css><script type=module src='b.ts'></script>
            <script>let x = "<p>";</script><img src="c.png" srcset="d.png 2x"><p href="no">"#;
        let PageContent { places, inline, .. } = scan(html, &ReferenceAttributes::default()).expect("scan");
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
            ("<noscript><img src=a></noscript><template><img src=b></template>", &["a", "b"]),
            ("<input type=image src=a><audio src=b></audio><area href=c>", &["a", "b", "c"]),
        ] {
            let places = scan(html, &ReferenceAttributes::default()).expect("scan").places;
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
            let place = scan(html, &ReferenceAttributes::default()).expect("scan").places.remove(0);
            assert_eq!(place.is_cors_preload && place.cross_origin.is_some(), expected, "{html}");
        }
    }
}
