//! The scan of a style sheet for references, by its tokens (CSS Syntax Level 3). Malformed CSS is reported by the
//! compiler of the sheet.

use std::ops::Range;

use cssparser::{ParseError, Parser, ParserInput, Token};

/// At-rules of Tailwind.
const TAILWIND_RULES: [&str; 11] = [
    "apply",
    "config",
    "custom-variant",
    "plugin",
    "reference",
    "screen",
    "source",
    "tailwind",
    "theme",
    "utility",
    "variant",
];

/// A `url()` that refers to a file.
#[derive(Debug)]
pub(super) struct Url {
    /// The range that a token replaces.
    pub(super) whole: Range<usize>,
    /// The range that diagnostics point at.
    pub(super) value: Range<usize>,
    pub(super) written: String,
    pub(super) form: UrlForm,
    /// Whether it is a source of `@font-face`.
    pub(super) is_font: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum UrlForm {
    /// `url(a.png)`.
    Function,
    /// `"a.png"` within `url()` or `image-set()`.
    String,
}

impl UrlForm {
    pub(super) fn write(self, token: &str) -> String {
        match self {
            Self::Function => format!("url({token})"),
            Self::String => format!("\"{token}\""),
        }
    }
}

/// The references in a style sheet, and whether it uses Tailwind.
#[derive(Debug, Default)]
pub(in crate::compile) struct Scan {
    pub(super) urls: Vec<Url>,
    pub(in crate::compile) imports: Vec<(Range<usize>, String)>,
    pub(in crate::compile) uses_tailwind: bool,
    /// The innermost part that is not closed and so takes the rest of the sheet: its beginning and its name.
    pub(in crate::compile) unclosed: Option<(usize, &'static str)>,
    /// Whether the walk is within `@font-face`.
    in_font: bool,
}

/// The meaning of a string in its context.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strings {
    Text,
    Import,
    Namespace,
    Urls,
}

impl Scan {
    pub(in crate::compile) fn of(css: &str) -> Self {
        let mut scan = Self::default();
        let mut input = ParserInput::new(css);
        scan.walk(&mut Parser::new(&mut input), Strings::Text);
        scan
    }

    fn walk(&mut self, parser: &mut Parser<'_, '_>, context: Strings) {
        let mut strings = context;
        let mut is_font = false;
        loop {
            let start = parser.position().byte_index();
            let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
            let whole = start..parser.position().byte_index();
            match token {
                Token::AtKeyword(name) => {
                    let name = name.to_ascii_lowercase();
                    is_font = name == "font-face";
                    self.uses_tailwind |= TAILWIND_RULES.contains(&name.as_str());
                    strings = match name.as_str() {
                        "import" => Strings::Import,
                        "namespace" => Strings::Namespace,
                        _ => context,
                    };
                }
                Token::Semicolon => strings = context,
                Token::QuotedString(written) => self.string(strings, whole, &written),
                Token::UnquotedUrl(written) => self.unquoted(strings, whole, &written),
                Token::Function(name) => {
                    self.nested(parser, whole.start, within(&name, strings), "parenthesis");
                }
                Token::ParenthesisBlock => self.nested(parser, whole.start, strings, "parenthesis"),
                Token::SquareBracketBlock => self.nested(parser, whole.start, strings, "bracket"),
                Token::CurlyBracketBlock => {
                    strings = context;
                    let outer = std::mem::replace(&mut self.in_font, is_font);
                    self.nested(parser, whole.start, Strings::Text, "block");
                    (self.in_font, is_font) = (outer, false);
                }
                Token::Comment(text) if whole.len() < text.len() + "/**/".len() => {
                    self.unclosed = Some((whole.start, "comment"));
                }
                _ => {}
            }
        }
    }

    /// Walks the block that begins at `start`, and notes whether it is closed.
    fn nested(&mut self, parser: &mut Parser<'_, '_>, start: usize, strings: Strings, name: &'static str) {
        // The walk consumes every token of the block, so an error is impossible.
        let end = parser.parse_nested_block(|inner| {
            self.walk(inner, strings);
            Ok::<_, ParseError<'_, ()>>(inner.position())
        });
        if end.is_ok_and(|end| end == parser.position()) {
            self.unclosed.get_or_insert((start, name));
        }
    }

    fn string(&mut self, strings: Strings, whole: Range<usize>, written: &str) {
        let value = whole.start + 1..whole.end - 1;
        match strings {
            Strings::Import => self.import(value, written),
            Strings::Urls => {
                self.add(whole, value, written, UrlForm::String);
            }
            Strings::Text | Strings::Namespace => {}
        }
    }

    fn unquoted(&mut self, strings: Strings, whole: Range<usize>, written: &str) {
        let value = whole.start + "url(".len()..whole.end - 1;
        match strings {
            Strings::Import => self.import(value, written),
            Strings::Namespace => {}
            Strings::Text | Strings::Urls => {
                self.add(whole, value, written, UrlForm::Function);
            }
        }
    }

    fn add(&mut self, whole: Range<usize>, value: Range<usize>, written: &str, form: UrlForm) {
        self.urls.push(Url { whole, value, written: written.to_owned(), form, is_font: self.in_font });
    }

    fn import(&mut self, value: Range<usize>, written: &str) {
        self.uses_tailwind |= written == "tailwindcss" || written.starts_with("tailwindcss/");
        self.imports.push((value, written.to_owned()));
    }
}

fn within(function: &str, strings: Strings) -> Strings {
    match function.to_ascii_lowercase().as_str() {
        "url" | "src" if strings == Strings::Text => Strings::Urls,
        "image-set" | "-webkit-image-set" => Strings::Urls,
        "url" => strings,
        // `@import "x" layer("y")`, `type("image/png")` within image-set()
        _ => Strings::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_references_to_files_are_found() {
        let css = r#"@import "a.css" layer("l"); @import url(b.css); @namespace url(http://x);
            /* url(no.png) */ .a{background:url( c.png ), URL("d.png"); content:"e.png"}
            @media print{.b{background:image-set("f.png" 1x, url(g.png) type("image/png"))}}"#;
        let scan = Scan::of(css);
        let imports: Vec<&str> = scan.imports.iter().map(|(_, import)| import.as_str()).collect();
        assert_eq!(imports, ["a.css", "b.css"]);
        let urls: Vec<&str> = scan.urls.iter().map(|url| url.written.as_str()).collect();
        assert_eq!(urls, ["c.png", "d.png", "f.png", "g.png"]);
        let values: Vec<&str> = scan.urls.iter().map(|url| css[url.value.clone()].trim()).collect();
        assert_eq!(values, urls);
        assert!(!scan.uses_tailwind);
    }

    #[test]
    fn a_part_without_its_end_is_the_innermost() {
        for (css, expected) in [
            (".a { .b { top: 0 }", Some((3, "block"))),
            (".a { top: calc(1px; } .b { top: 0 }", Some((10, "parenthesis"))),
            (".a {} /*/", Some((6, "comment"))),
            (".a[b", Some((2, "bracket"))),
            (".a { top: (0) /**/ } [b] {}/* */", None),
        ] {
            assert_eq!(Scan::of(css).unclosed, expected, "{css}");
        }
    }

    #[test]
    fn tailwind_is_recognised_by_its_rules_and_its_package() {
        for css in
            ["@import 'tailwindcss';", "@import \"tailwindcss/theme\" layer(theme);", ".a{@apply flex}"]
        {
            assert!(Scan::of(css).uses_tailwind, "{css}");
        }
    }
}
