//! Mistakes that lightningcss accepts: unknown at-rules in a style rule, initial values of `@property`, and frames of
//! `@keyframes`, which it drops.

use super::{item::Item, keyframes::loses_frames};

/// At-rules that browsers know, without vendor prefixes.
const AT_RULES: [&str; 21] = [
    "charset",
    "container",
    "counter-style",
    "custom-media",
    "document",
    "font-face",
    "font-feature-values",
    "font-palette-values",
    "import",
    "keyframes",
    "layer",
    "media",
    "namespace",
    "nest",
    "page",
    "position-try",
    "property",
    "scope",
    "starting-style",
    "supports",
    "view-transition",
];

/// Whether `css` may hold what lightningcss accepts and browsers skip: an unknown at-rule in a style rule, a keyword as
/// initial value of a `@property`, or a mistake in a frame.
pub(in crate::compile) fn may_hide_mistakes(css: &str) -> bool {
    let is_unknown = |(before, name): (&str, &str)| !before.ends_with('\\') && !is_known(leading_word(name));
    inherits_initial_value(css)
        || loses_frames(css)
        || css.match_indices('@').any(|(at, _)| is_unknown((&css[..at], &css[at + 1..])))
}

/// Whether browsers know the at-rule `name`.
pub(in crate::compile) fn is_known(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let vendor =
        ["-webkit-", "-moz-", "-o-", "-ms-"].into_iter().find_map(|prefix| name.strip_prefix(prefix));
    AT_RULES.contains(&vendor.unwrap_or(&name))
}

fn leading_word(text: &str) -> &str {
    let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-');
    &text[..end.unwrap_or(text.len())]
}

fn inherits_initial_value(css: &str) -> bool {
    const KEYWORDS: [&str; 5] = ["inherit", "initial", "unset", "revert", "revert-layer"];
    css.split("initial-value").skip(1).any(|rest| {
        let value = rest.trim_start().strip_prefix(':').map(str::trim_start).unwrap_or_default();
        KEYWORDS.contains(&leading_word(value).to_ascii_lowercase().as_str())
    })
}

/// A mistake in `item`, whose text is `text`, that lightningcss accepts and browsers skip.
pub(super) fn hidden_mistake(item: &Item, text: &str, is_in_style_rule: bool) -> Option<String> {
    match &*item.name {
        "property" if inherits_initial_value(text) => {
            Some("Invalid initial value of a custom property".to_owned())
        }
        "" => None,
        name => (is_in_style_rule && !is_known(name)).then(|| format!("Unknown at rule: @{name}")),
    }
}
