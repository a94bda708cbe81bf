//! The end of a page's head, where the links to the style sheets of its scripts stand: after its own links, and before
//! those that scripts append later.

use std::{cell::Cell, rc::Rc};

use lol_html::{
    HandlerResult, end_tag,
    html_content::{Element, TextChunk},
};

/// Elements that leave a parser in the head (HTML §13.2.6.4.4); `noscript` by the name that the scan gives it.
const METADATA: [&str; 13] = [
    "base", "basefont", "bgsound", "head", "html", "link", "meta", "noframes", "script", "style", "template",
    "title", "x-script",
];

/// The offset of the end tag of the head, or of the first content that ends it without one. Shared with the handlers of
/// end tags.
#[derive(Clone, Debug, Default)]
pub(super) struct HeadEnd(Rc<Progress>);

#[derive(Debug, Default)]
struct Progress {
    end: Cell<Option<usize>>,
    /// The number of open elements in the head, whose content is not content of the page.
    open: Cell<usize>,
}

impl HeadEnd {
    /// The offset in a page of `length` bytes.
    pub(super) fn offset(&self, length: usize) -> usize {
        self.0.end.get().unwrap_or(length)
    }

    /// Reads the start tag of an element.
    pub(super) fn read_element(&self, element: &mut Element<'_, '_>) -> HandlerResult {
        let name = element.tag_name();
        if self.0.end.get().is_some() || (self.0.open.get() > 0 && name != "head") {
            return Ok(());
        }
        let start = element.source_location().bytes().start;
        if !METADATA.contains(&name.as_str()) {
            self.end_at(start);
        } else if element.can_have_content() {
            let head = self.clone();
            let is_around = matches!(name.as_str(), "head" | "html");
            self.0.open.set(self.0.open.get() + usize::from(!is_around));
            element.on_end_tag(end_tag!(move |end| {
                if is_around {
                    head.end_at(end.source_location().bytes().start);
                } else {
                    head.0.open.set(head.0.open.get().saturating_sub(1));
                }
                Ok(())
            }))?;
        }
        Ok(())
    }

    /// Reads text, which ends the head unless it is white space.
    pub(super) fn read_text(&self, text: &TextChunk<'_>) {
        let is_space = |character: char| character.is_ascii_whitespace() || character == '\u{feff}';
        if self.0.open.get() == 0 && !text.as_str().chars().all(is_space) {
            self.end_at(text.source_location().bytes().start);
        }
    }

    fn end_at(&self, offset: usize) {
        self.0.end.set(self.0.end.get().or(Some(offset)));
    }
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan;
    use crate::config::ReferenceAttributes;

    #[test]
    fn the_head_ends_where_a_parser_leaves_it() {
        for (head, rest) in [
            ("<html><head><link href=a><script src=b></script>\n", "</head><body>"),
            ("<head><template><p>x</p></template><noscript><p></noscript>", "<body><header></header>"),
            ("<!doctype html><title>A &amp; b</title><script>let a = '<p>';</script>", "<p>"),
            ("\u{feff}<!doctype html>\n<meta charset=utf-8>", "\nText<p>"),
            ("<html><title>x</title>", "</html>"),
            ("<title>x</title><script src=a></script>\n", ""),
            ("<head>", "<header></header></head>"),
        ] {
            let html = format!("{head}{rest}");
            let found = scan(&html, &ReferenceAttributes::default()).expect("scan");
            assert_eq!(&html[found.head_end..], rest, "{html}");
        }
    }
}
