//! Packages that insert styles while they run, which the policy refuses without a line of its own. They are listed by name,
//! since others, such as React, hold the same code and run it only when asked.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use kiln_manifest::{Directive, LogicalPath};

use super::path_strings::source_type;
use crate::{
    compile::{
        context::Context,
        demand::{DemandKind, DemandScope},
        package::package_name,
    },
    text::Text,
};

/// Code that makes a style element.
const STYLE_ELEMENT: [&str; 4] =
    ["createElement(\"style\"", "createElement('style'", "\"style\",", "'style',"];

/// Packages that insert style elements, those below editors and dialogs among them, and options by which they do without or
/// get a nonce: a script that names one has seen to it.
const STYLE_ELEMENTS: [(&str, &[&str]); 9] = [
    ("@emotion/sheet", &["nonce"]),
    ("@radix-ui/react-scroll-area", &["nonce"]),
    ("@radix-ui/react-select", &["nonce"]),
    ("@tiptap/core", &["injectCSS", "injectNonce"]),
    ("@xterm/xterm", &[]),
    ("mermaid", &[]),
    ("react-style-singleton", &["setNonce", "__webpack_nonce__"]),
    ("style-mod", &["cspNonce"]),
    ("styled-components", &["nonce"]),
];

/// Shiki's HTML has style attributes; its tokens have none.
const STYLE_ATTRIBUTES: (&str, &str) = ("@shikijs/core", "codeToHtml");

/// Records the packages among the modules `files`; `outputs` are the names of the chunks that hold a file.
pub(super) fn demand(
    context: &Context<'_>,
    files: &BTreeSet<PathBuf>,
    outputs: impl Fn(&Path) -> Vec<LogicalPath>,
) {
    let scripts = files.iter().filter(|file| source_type(file).is_some());
    let (own, packaged): (Vec<_>, Vec<_>) = scripts.partition(|file| package_name(file).is_none());
    let own: Vec<String> = own.into_iter().filter_map(|file| fs::read_to_string(file).ok()).collect();
    let names = |word: &str| own.iter().any(|script| script.contains(word));
    for file in packaged {
        let Some(package) = package_name(file) else { continue };
        let inserts = |(name, options): &(&str, &[&str])| {
            *name == package && !options.iter().any(|option| names(option))
        };
        let (directive, code): (_, &[&str]) = if STYLE_ELEMENTS.iter().any(inserts) {
            (Directive::StyleSrc, &STYLE_ELEMENT)
        } else if package == STYLE_ATTRIBUTES.0 && names(STYLE_ATTRIBUTES.1) {
            (Directive::StyleSrcAttr, &[STYLE_ATTRIBUTES.1])
        } else {
            continue;
        };
        let Ok(script) = fs::read_to_string(file) else { continue };
        let Some(offset) = code.iter().filter_map(|code| script.find(code)).min() else { continue };
        let text = Text::new(context.config.name_of(file), script);
        let kind = DemandKind::Styles { directive, package };
        context.demand((&text, offset), kind, DemandScope::Outputs(outputs(file)));
    }
}
