//! References to files that browsers cannot load as their element says.

use super::{attribute::Role, url_place::UrlPlace};
use crate::{
    Error, Result,
    compile::loadable::check_loadable,
    source::{Language, Source},
    text::Text,
};

/// Checks that browsers can load the target of a script or style sheet.
pub(super) fn check(text: &Text, place: &UrlPlace, target: &Source) -> Result<()> {
    let is_script = target.language == Language::Script;
    if place.role == Role::ClassicScript && is_script && !is_javascript(target) {
        return Err(not_javascript(text, place));
    }
    if place.role.takes_integrity() { check_loadable(text, place.url.clone(), &target.file) } else { Ok(()) }
}

pub(super) fn is_javascript(source: &Source) -> bool {
    matches!(source.path.extension(), Some("js" | "mjs" | "cjs"))
}

/// The error of `<base>`.
pub(super) fn base(text: &Text, place: &UrlPlace) -> Error {
    text.error(place.url.clone(), "`<base>` is not supported")
        .with_label("would change the base of every other reference")
        .with_help("remove it, and write references as relative paths between files below assets/")
        .into()
}

fn not_javascript(text: &Text, place: &UrlPlace) -> Error {
    let is_link = text.content()[place.element..].starts_with("<link");
    let help = if is_link {
        "write `rel=\"modulepreload\"`: modules are bundled"
    } else {
        "add `type=\"module\"` to the element: modules are bundled"
    };
    text.error(place.url.clone(), "classic script is not JavaScript")
        .with_label("served without compilation")
        .with_help(help)
        .into()
}
