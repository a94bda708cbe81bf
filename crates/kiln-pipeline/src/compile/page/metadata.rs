//! Metadata that holds URLs: for browsers, and for other machines, which know no base for a relative one.

use lol_html::html_content::Element;

use super::attribute::has_word;
use crate::reference::Purpose;

/// Names and properties of `<meta>` whose content is the URL of a file (ogp.me, Twitter cards, Microsoft's tiles).
const FILES: [&str; 18] = [
    "msapplication-square150x150logo",
    "msapplication-square310x310logo",
    "msapplication-square70x70logo",
    "msapplication-tileimage",
    "msapplication-wide310x150logo",
    "og:audio",
    "og:audio:secure_url",
    "og:audio:url",
    "og:image",
    "og:image:secure_url",
    "og:image:url",
    "og:video",
    "og:video:secure_url",
    "og:video:url",
    "twitter:image",
    "twitter:image:src",
    "twitter:player:stream",
    "thumbnail",
];

/// Names and properties of `<meta>` whose content is the URL of a page.
const PAGES: [&str; 2] = ["og:url", "twitter:url"];

/// The purpose of the URL in the content of a `<meta>`; `None` where the content is another text.
pub(super) fn purpose(meta: &Element<'_, '_>) -> Option<Purpose> {
    let name = name(meta);
    if FILES.contains(&name.as_str()) {
        Some(Purpose::Resource)
    } else {
        PAGES.contains(&name.as_str()).then_some(Purpose::Navigation)
    }
}

/// The name of the metadata for other machines whose URL the element holds: `og:image`, `canonical`.
pub(super) fn for_machines(element: &Element<'_, '_>, tag: &str) -> Option<String> {
    match tag {
        "meta" => Some(name(element)).filter(|name| {
            purpose(element).is_some() && (name.starts_with("og:") || name.starts_with("twitter:"))
        }),
        "link" if has_word(element, "rel", "canonical") => Some("canonical".to_owned()),
        "link" if has_word(element, "rel", "alternate") && element.has_attribute("hreflang") => {
            Some("alternate".to_owned())
        }
        _ => None,
    }
}

fn name(meta: &Element<'_, '_>) -> String {
    let name = meta.get_attribute("property").or_else(|| meta.get_attribute("name"));
    name.unwrap_or_default().trim().to_ascii_lowercase()
}
