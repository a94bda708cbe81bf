//! Attributes that refer to files, and the role of their targets.

use kiln_manifest::Directive;
use lol_html::html_content::Element;

use crate::reference::Purpose;

/// Attributes that refer to a file, by element (HTML Living Standard, index of attributes; SVG 2 for `use`, `image` and
/// `feImage`). `action`, `formaction` and `ping` are left out: requests to them are for routes of the application.
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

/// Link relations whose target is a resource of the page; links of other relations are navigations.
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

/// Presentation attributes of SVG that may hold `url()` (SVG 2, property index).
pub(super) const PRESENTATION: [&str; 9] =
    ["clip-path", "cursor", "fill", "filter", "marker-end", "marker-mid", "marker-start", "mask", "stroke"];

/// The role of a reference's target.
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
    /// `<base>`, which would change the base of every other reference.
    Base,
    Other,
}

impl Role {
    pub(super) fn takes_integrity(self) -> bool {
        matches!(self, Self::Module | Self::ClassicScript | Self::Style)
    }
}

/// Whether HTML says that the attribute refers to a file.
pub(super) fn refers(tag: &str, attribute: &str) -> bool {
    ATTRIBUTES.contains(&(tag, attribute))
}

pub(super) fn is_refresh(element: &Element<'_, '_>) -> bool {
    element.get_attribute("http-equiv").is_some_and(|value| value.eq_ignore_ascii_case("refresh"))
}

pub(super) fn role(element: &Element<'_, '_>, tag: &str) -> Role {
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

pub(super) fn purpose(element: &Element<'_, '_>, tag: &str) -> Purpose {
    let relations = element.get_attribute("rel").unwrap_or_default().to_ascii_lowercase();
    let needs = || relations.split_ascii_whitespace().any(|word| RESOURCE_RELATIONS.contains(&word));
    match tag {
        "a" | "area" | "iframe" => Purpose::Navigation,
        "meta" if is_refresh(element) => Purpose::Navigation,
        "link" if !needs() => Purpose::Navigation,
        _ => Purpose::Resource,
    }
}

/// The directive that decides about the target of an attribute; `None` for navigations, and for metadata.
pub(super) fn directive(
    element: &Element<'_, '_>,
    tag: &str,
    attribute: &str,
    role: Role,
) -> Option<Directive> {
    let is = |name: &str, value: &str| has_word(element, name, value);
    Some(match (tag, attribute) {
        ("script", _) => Directive::ScriptSrc,
        ("link", _) => match role {
            Role::Style => Directive::StyleSrc,
            Role::Module | Role::ClassicScript => Directive::ScriptSrc,
            Role::Manifest => Directive::ManifestSrc,
            _ if is("rel", "preload") && is("as", "font") => Directive::FontSrc,
            _ if is("rel", "preload") && is("as", "fetch") => Directive::ConnectSrc,
            _ if is("rel", "icon") || is("rel", "preload") && is("as", "image") => Directive::ImgSrc,
            _ => return None,
        },
        ("iframe", _) => Directive::FrameSrc,
        ("object" | "embed", _) => Directive::ObjectSrc,
        ("audio" | "track", _) | ("video" | "source", "src") => Directive::MediaSrc,
        ("form", "action") | ("button" | "input", "formaction") => Directive::FormAction,
        ("img" | "input" | "body" | "image" | "feimage" | "source" | "video", _) => Directive::ImgSrc,
        _ => return None,
    })
}

/// Whether browsers load the target from the origin of the page alone, or treat it as another site's elsewhere: links,
/// frames, text tracks, web app manifests, and images of `<use>` (SVG 2 §5.6).
pub(super) fn keeps_origin(tag: &str, role: Role, purpose: Purpose) -> bool {
    purpose == Purpose::Navigation
        || role == Role::Manifest
        || ["embed", "object", "track", "use"].contains(&tag)
}

pub(super) fn is_cors(preload: &Element<'_, '_>) -> bool {
    preload.get_attribute("as").is_some_and(|kind| ["fetch", "font"].contains(&&*kind.to_ascii_lowercase()))
}

pub(super) fn has_word(element: &Element<'_, '_>, attribute: &str, word: &str) -> bool {
    let value = element.get_attribute(attribute).unwrap_or_default();
    value.split_ascii_whitespace().any(|found| found.eq_ignore_ascii_case(word))
}
