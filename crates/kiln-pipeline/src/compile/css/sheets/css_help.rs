//! Remedies for errors of lightningcss, by their messages.

/// Parts of messages, each with its remedy.
const HELP: [(&str, &str); 5] = [
    (
        "external `@import` was found after",
        "write the `@import` of the other host above those of files, in the style sheet that the page loads",
    ),
    (
        "Unsupported layer combination",
        "import the style sheet once, or write its rules to a second file for the other layer",
    ),
    ("Ambiguous CSS module class", "write the names in parentheses: `:global(.name)`, `:local(.name)`"),
    (":export", "export the values from a script, or use custom properties: `--name: value`"),
    ("@value rule is deprecated", "use a custom property: `--name: value`, and `var(--name)`"),
];

/// The remedy for the error with `message`.
pub(super) fn css_help(message: &str) -> Option<&'static str> {
    HELP.iter().find(|(part, _)| message.contains(part)).map(|(_, help)| *help)
}
