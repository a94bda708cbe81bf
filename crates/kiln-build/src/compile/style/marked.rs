//! A style sheet whose `url()`s are replaced by reference tokens before anything compiles it, so that
//! no tool can lose, rebase or rewrite them.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use cssparser::{ParseError, Parser, ParserInput, Token};
use kiln_manifest::LogicalPath;

use crate::{Error, Result, compile::Stage, discover::read, error::Text, resolve::Purpose};

/// See the module.
#[derive(Debug)]
pub(in crate::compile) struct Marked {
    pub(in crate::compile) file: PathBuf,
    /// As it was written.
    pub(in crate::compile) text: Text,
    /// As it is compiled: with tokens.
    pub(in crate::compile) css: String,
    /// What it imports, as it names it, with the place in the written text.
    pub(super) imports: Vec<(Range<usize>, String)>,
    pub(super) uses_tailwind: bool,
    /// The replaced ranges of the written text, with the length of what replaced each.
    edits: Vec<(Range<usize>, usize)>,
}

/// The at-rules that only Tailwind's engine understands.
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

impl Marked {
    pub(in crate::compile) fn read(stage: &Stage<'_>, file: &Path) -> Result<Self> {
        let name = stage.config.name_of(file);
        let content = String::from_utf8(read(file)?).map_err(|error| Error::Tree {
            path: name.clone().into(),
            problem: error.to_string(),
            mend: "save the style sheet as UTF-8".to_owned(),
        })?;
        let text = Text::new(name, content);
        let scan = Scan::of(text.content());
        let mut css = String::with_capacity(text.content().len());
        let mut edits = Vec::new();
        let mut errors = Vec::new();
        let mut done = 0;
        for url in scan.urls {
            let replacement = match token(stage, file, &text, &url) {
                Ok(Some(token)) => url.form.write(&token),
                Ok(None) => continue,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            css.push_str(&text.content()[done..url.whole.start]);
            css.push_str(&replacement);
            done = url.whole.end;
            edits.push((url.whole, replacement.len()));
        }
        Error::all(errors)?;
        css.push_str(&text.content()[done..]);
        let (imports, uses_tailwind) = (scan.imports, scan.uses_tailwind);
        Ok(Self { file: file.to_owned(), text, css, imports, uses_tailwind, edits })
    }

    /// The place in the written text of an offset into the marked one, given in UTF-16 units as scripts
    /// count.
    pub(in crate::compile) fn written_at_utf16(&self, units: usize) -> usize {
        let mut counted = 0;
        let at = self.css.char_indices().find(|(_, character)| {
            let reached = counted >= units;
            counted += character.len_utf16();
            reached
        });
        self.written_at(at.map_or(self.css.len(), |(index, _)| index))
    }

    /// The place in the written text of a byte offset into the marked one.
    pub(super) fn written_at(&self, marked: usize) -> usize {
        let mut shift = 0_isize;
        for (written, length) in &self.edits {
            let start = written.start.saturating_add_signed(shift);
            if marked < start {
                break;
            }
            if marked < start + length {
                return written.start;
            }
            shift += length.cast_signed() - written.len().cast_signed();
        }
        marked.saturating_add_signed(-shift).min(self.text.content().len())
    }
}

fn token(stage: &Stage<'_>, file: &Path, text: &Text, url: &Url) -> Result<Option<String>> {
    let relative = file.strip_prefix(stage.config.assets()).ok().and_then(Path::to_str);
    let base = relative.and_then(|path| LogicalPath::new(path.replace('\\', "/")).ok());
    let Some(base) = base else {
        return outside(text, url);
    };
    let place = (text, url.value.clone());
    stage.tree.token(&stage.references, &base, &url.written, Purpose::Resource, place)
}

/// Sheets of npm packages may not bring files along: nothing outside of `assets/` is embedded.
fn outside(text: &Text, url: &Url) -> Result<Option<String>> {
    let is_local = !(url.written.starts_with(['#', '/']) || url.written.contains(':'));
    if !is_local {
        return Ok(None);
    }
    let error = text.error(url.value.clone(), format!("`{}` lies outside of assets/", url.written));
    Err(error.with_help("copy the file below assets/ and refer to it from a style sheet there").into())
}

/// A `url()` that refers to a file.
#[derive(Debug)]
struct Url {
    /// What a token replaces.
    whole: Range<usize>,
    /// What diagnostics point at.
    value: Range<usize>,
    written: String,
    form: UrlForm,
}

#[derive(Clone, Copy, Debug)]
enum UrlForm {
    /// `url(a.png)`.
    Function,
    /// `"a.png"` within `url()` or `image-set()`.
    String,
}

impl UrlForm {
    fn write(self, token: &str) -> String {
        match self {
            Self::Function => format!("url({token})"),
            Self::String => format!("\"{token}\""),
        }
    }
}

/// What the tokens of a sheet tell (CSS Syntax Level 3); a sheet that does not parse is told by the tool
/// that compiles it.
#[derive(Debug, Default)]
struct Scan {
    urls: Vec<Url>,
    imports: Vec<(Range<usize>, String)>,
    uses_tailwind: bool,
}

/// What a string means where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strings {
    Text,
    Import,
    Namespace,
    Urls,
}

impl Scan {
    fn of(css: &str) -> Self {
        let mut scan = Self::default();
        let mut input = ParserInput::new(css);
        scan.walk(&mut Parser::new(&mut input), Strings::Text);
        scan
    }

    fn walk(&mut self, parser: &mut Parser<'_, '_>, context: Strings) {
        let mut strings = context;
        loop {
            let start = parser.position().byte_index();
            let Ok(token) = parser.next_including_whitespace_and_comments().cloned() else { return };
            let whole = start..parser.position().byte_index();
            match token {
                Token::AtKeyword(name) => {
                    self.uses_tailwind |= TAILWIND_RULES.contains(&&*name);
                    strings = match &*name {
                        "import" => Strings::Import,
                        "namespace" => Strings::Namespace,
                        _ => context,
                    };
                }
                Token::Semicolon => strings = context,
                Token::QuotedString(written) => self.string(strings, whole, &written),
                Token::UnquotedUrl(written) => self.unquoted(strings, whole, &written),
                Token::Function(name) => self.nested(parser, within(&name, strings)),
                Token::ParenthesisBlock | Token::SquareBracketBlock => self.nested(parser, strings),
                Token::CurlyBracketBlock => {
                    strings = context;
                    self.nested(parser, Strings::Text);
                }
                _ => {}
            }
        }
    }

    fn nested(&mut self, parser: &mut Parser<'_, '_>, strings: Strings) {
        // The walk takes every token, so that the block cannot be left half read.
        let _ = parser.parse_nested_block(|inner| {
            self.walk(inner, strings);
            Ok::<(), ParseError<'_, ()>>(())
        });
    }

    fn string(&mut self, strings: Strings, whole: Range<usize>, written: &str) {
        let value = whole.start + 1..whole.end - 1;
        match strings {
            Strings::Import => self.import(value, written),
            Strings::Urls => {
                self.urls.push(Url { whole, value, written: written.to_owned(), form: UrlForm::String });
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
                self.urls.push(Url { whole, value, written: written.to_owned(), form: UrlForm::Function });
            }
        }
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
    fn every_reference_to_a_file_is_found_and_nothing_else() {
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
    fn tailwind_is_known_by_its_rules_and_its_package() {
        for css in
            ["@import 'tailwindcss';", "@import \"tailwindcss/theme\" layer(theme);", ".a{@apply flex}"]
        {
            assert!(Scan::of(css).uses_tailwind, "{css}");
        }
    }

    #[test]
    fn places_in_marked_text_lead_back_to_the_written_one() {
        let sheet = Marked {
            file: PathBuf::new(),
            text: Text::new("a.css", "ab url(x) cd"),
            css: "ab url(__token__) cd".to_owned(),
            imports: Vec::new(),
            uses_tailwind: false,
            edits: vec![(3..9, 14)],
        };
        assert_eq!([0, 5, 18, 99].map(|at| sheet.written_at(at)), [0, 3, 10, 12]);
    }
}
