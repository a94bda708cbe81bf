//! Inline scripts and styles.

use std::ops::Range;

use lol_html::html_content::Element;

/// An inline script or style.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct InlineText {
    pub(super) language: InlineLanguage,
    /// The bytes between the tags.
    pub(super) place: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum InlineLanguage {
    Script,
    Module,
    ImportMap,
    Style,
    /// JSON-LD, which crawlers read.
    LinkedData,
    /// HTML that a script reads.
    Template,
    /// Other data blocks, which browsers do not run.
    Data,
}

impl InlineText {
    pub(super) fn extend(&mut self, chunk: Range<usize>) {
        let start = if self.place.is_empty() { chunk.start } else { self.place.start };
        self.place = start..chunk.end.max(self.place.end);
    }
}

/// The language of an inline script (HTML §4.12.1, the `type` attribute).
pub(super) fn inline_language(element: &Element<'_, '_>) -> InlineLanguage {
    let kind = element.get_attribute("type").unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "module" => InlineLanguage::Module,
        "importmap" => InlineLanguage::ImportMap,
        "" | "speculationrules" => InlineLanguage::Script,
        kind if kind.contains("javascript") || kind.contains("ecmascript") => InlineLanguage::Script,
        "application/ld+json" => InlineLanguage::LinkedData,
        kind if kind.starts_with("text/") => InlineLanguage::Template,
        _ => InlineLanguage::Data,
    }
}

#[cfg(test)]
mod tests {
    use super::{super::scan::scan, *};
    use crate::config::ReferenceAttributes;

    #[test]
    fn the_language_of_an_inline_script_is_that_of_its_type() {
        use InlineLanguage::{Data, ImportMap, LinkedData, Module, Script, Template};
        for (kind, expected) in [
            ("", Script),
            ("type='text/javascript'", Script),
            ("type=importmap", ImportMap),
            ("type=module", Module),
            ("type='application/json'", Data),
            ("type='application/LD+JSON'", LinkedData),
            ("type='text/template'", Template),
        ] {
            let html = format!("<script {kind}>x</script>");
            let found = scan(&html, &ReferenceAttributes::default()).expect("scan");
            assert_eq!(found.inline[0].language, expected, "{kind}");
        }
    }
}
