//! Preloads: certain fetches of a page, in the request modes of its elements.

use kiln_manifest::{CorsSetting, Destination};
use lol_html::html_content::Element;

use super::attribute::{Role, has_word};

/// The preload of an element's target; `None` when a browser may never fetch it, or does so last.
pub(super) fn of(element: &Element<'_, '_>, role: Role) -> Option<(Destination, CorsSetting)> {
    let has = |name| element.has_attribute(name);
    let cors = CorsSetting::of(element.get_attribute("crossorigin").as_deref());
    match role {
        // Modules without the attribute are fetched like `anonymous` ones (HTML §8.1.4.2).
        Role::Module if cors == CorsSetting::Anonymous => Some((Destination::Module, CorsSetting::NoCors)),
        Role::Module => Some((Destination::Module, cors)),
        Role::ClassicScript if has("nomodule") || !runs(element) => None,
        Role::ClassicScript => Some((Destination::Script, cors)),
        Role::Style if has("media") || has("disabled") || has_word(element, "rel", "alternate") => None,
        Role::Style => Some((Destination::Style, cors)),
        Role::Manifest | Role::Base | Role::Other => None,
    }
}

/// Whether a script runs: of another type, it is a data block, whose file is never fetched (HTML §4.12.1).
fn runs(script: &Element<'_, '_>) -> bool {
    let kind = script.get_attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
    script.tag_name() == "link"
        || kind.is_empty()
        || kind.contains("javascript")
        || kind.contains("ecmascript")
}
