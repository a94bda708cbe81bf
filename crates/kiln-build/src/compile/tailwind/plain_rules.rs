//! The rules of a style sheet, and in which of them Tailwind's engine has nothing to do. It reads CSS in its own way:
//! where another reading of a text is possible, there is no answer here.

use std::{collections::BTreeSet, ops::Range};

use cssparser::{ParseError, Parser, ParserInput, Token};

/// The at-rules that the engine hands on as they are, when nothing in them asks for more.
const PLAIN_RULES: [&str; 7] =
    ["container", "font-face", "keyframes", "layer", "media", "starting-style", "supports"];

/// What the engine looks for in any text: functions of the theme, mixtures of colours, which it lowers, the names of
/// animations, declarations of its own, and comments that it moves. Names with escapes it may read in its own way.
const NEVER_PLAIN: [&str; 6] = ["theme(", "color-mix(", "animation", "--tw-sort", "/*!", "\\"];

/// A rule or statement of the outermost level, or a comment that the engine keeps.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) place: Range<usize>,
    /// What stands before its block: a statement is nothing else.
    pub(super) prelude: Range<usize>,
    /// Whether the engine has nothing to do in it.
    pub(super) is_plain: bool,
    /// The variables that it refers to.
    pub(super) used: BTreeSet<String>,
}

/// The rules of a sheet, in order; none when it can be read in more than one way.
pub(super) fn rules(css: &str) -> Option<Vec<Rule>> {
    if css.contains('\u{c}') || css.matches('\r').count() != css.matches("\r\n").count() {
        return None;
    }
    let mut input = ParserInput::new(css);
    let mut parser = Parser::new(&mut input);
    let mut rules = Vec::new();
    loop {
        let start = parser.state();
        let from = parser.position().byte_index();
        match parser.next_including_whitespace_and_comments() {
            Err(_) => return Some(rules),
            Ok(Token::WhiteSpace(_)) => {}
            Ok(Token::Comment(text)) => {
                let is_kept = text.starts_with('!');
                let place = from..parser.position().byte_index();
                if !css[place.clone()].ends_with("*/") {
                    return None;
                }
                if is_kept {
                    let prelude = place.clone();
                    rules.push(Rule { place, prelude, is_plain: false, used: BTreeSet::new() });
                }
            }
            Ok(_) => {
                parser.reset(&start);
                rules.push(Reader::default().rule(css, &mut parser)?);
            }
        }
    }
}

/// Reads one rule; what gives None can be read in more than one way.
#[derive(Default)]
struct Reader {
    /// Whether the engine has something to do in it.
    asks: bool,
    /// Whether it reads what stands between `@media` and its block: Tailwind has words of its own there.
    is_in_query: bool,
    /// In how many `var()` it reads.
    references: usize,
    used: BTreeSet<String>,
}

impl Reader {
    fn rule(mut self, css: &str, parser: &mut Parser<'_, '_>) -> Option<Rule> {
        let start = parser.position().byte_index();
        let mut prelude = start..start;
        loop {
            prelude.end = parser.position().byte_index();
            let token = parser.next().ok()?.clone();
            let is_first = prelude.is_empty();
            let has_no_name =
                matches!(token, Token::CurlyBracketBlock | Token::ParenthesisBlock | Token::QuotedString(_));
            if is_first && has_no_name {
                return None;
            }
            self.read(&token, parser)?;
            match token {
                Token::CurlyBracketBlock => break,
                Token::Semicolon => {
                    prelude.end = parser.position().byte_index();
                    self.asks = true;
                    break;
                }
                _ => {}
            }
        }
        let place = start..parser.position().byte_index();
        let text = &css[place.clone()];
        let is_plain = !self.asks && !asks(text);
        text.ends_with([';', '}']).then_some(Rule { place, prelude, is_plain, used: self.used })
    }

    fn read(&mut self, token: &Token<'_>, parser: &mut Parser<'_, '_>) -> Option<()> {
        match token {
            Token::AtKeyword(name) => {
                self.asks |= !PLAIN_RULES.contains(&name.as_ref());
                self.is_in_query |= name.as_ref() == "media";
            }
            Token::Ident(name) if self.references > 0 && name.starts_with("--") => {
                self.used.insert(name.as_ref().to_owned());
            }
            Token::Ident(name) => {
                self.asks |= self.is_in_query && matches!(name.as_ref(), "important" | "reference");
            }
            Token::Function(name) => {
                self.asks |= self.is_in_query || name.starts_with("--");
                let is_reference = usize::from(name.as_ref() == "var");
                self.references += is_reference;
                self.inside(parser)?;
                self.references -= is_reference;
            }
            Token::CurlyBracketBlock => {
                self.is_in_query = false;
                self.inside(parser)?;
            }
            Token::ParenthesisBlock | Token::SquareBracketBlock => self.inside(parser)?,
            Token::UnquotedUrl(url) if url.contains(['{', '}']) || url.contains("/*") => return None,
            Token::BadUrl(_)
            | Token::BadString(_)
            | Token::CDO
            | Token::CDC
            | Token::CloseParenthesis
            | Token::CloseSquareBracket
            | Token::CloseCurlyBracket
            | Token::Delim('@') => return None,
            _ => {}
        }
        Some(())
    }

    fn inside(&mut self, parser: &mut Parser<'_, '_>) -> Option<()> {
        let read = parser.parse_nested_block(|inner| {
            while let Ok(token) = inner.next().cloned() {
                self.read(&token, inner).ok_or_else(|| inner.new_custom_error(()))?;
            }
            Ok::<(), ParseError<'_, ()>>(())
        });
        read.ok()
    }
}

/// Whether the text of a rule holds what the engine may look at.
fn asks(text: &str) -> bool {
    NEVER_PLAIN.iter().any(|never| text.contains(never)) || cuts_a_word(text) || refers_oddly(text)
}

/// Whether a comment stands where the engine, which takes comments out, may see one word instead of two.
fn cuts_a_word(text: &str) -> bool {
    let ends_word =
        |character: Option<char>| character.is_none_or(|next| next.is_whitespace() || "{};".contains(next));
    text.match_indices("/*").any(|(start, _)| {
        let after = text[start + 2..].split_once("*/").map(|(_, after)| after.chars().next());
        !ends_word(text[..start].chars().next_back()) || !after.is_some_and(ends_word)
    })
}

/// Whether the engine may overlook a reference to a variable, or see one that is none.
fn refers_oddly(text: &str) -> bool {
    let mut references = text.match_indices("var(").peekable();
    let is_commented = references.peek().is_some() && text.contains("/*");
    is_commented
        || references.any(|(start, reference)| {
            let is_apart = text[..start].ends_with([' ', '\t', '\n', ':', ',', '(']);
            !is_apart || !text[start + reference.len()..].starts_with("--")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(css: &str) -> Option<Vec<bool>> {
        Some(rules(css)?.iter().map(|rule| rule.is_plain).collect())
    }

    #[test]
    fn a_rule_in_which_the_engine_has_something_to_do_is_not_plain() {
        for rule in [
            ".a{@apply b}",
            ".a{@variant dark{top:0}}",
            ".a{animation:spin 1s}",
            ".a{color:color-mix(in lab, red, blue)}",
            ".a{top:--spacing(1)}",
            ".a{top:theme(spacing.1)}",
            ".a{top:var( --a)}",
            ".a{top:calc(2*var(--a))}",
            ".a{top:var(--a); /* var(--b) */ left:0}",
            ".a{ani/**/mation:spin}",
            ".a\\:b{top:0}",
            "@media important{.a{top:0}}",
            "@media source(none){.a{top:0}}",
            "@property --a{syntax:'*'}",
            ".a{/*! b */}",
            "@layer a{@utility b{top:0}}",
            "@MEDIA print{.a{top:0}}",
            "@layer a, b;",
        ] {
            assert_eq!(plain(rule), Some(vec![false]), "{rule}");
        }
        for rule in [".a{top:var(--a)}", "@layer b{.a{ /* c */ top:0}}", "@media print{.a{top:0!important}}"]
        {
            assert_eq!(plain(rule), Some(vec![true]), "{rule}");
        }
    }

    #[test]
    fn a_sheet_that_can_be_read_in_more_than_one_way_has_no_rules() {
        for css in [
            ".a{top:0",
            ".a{}}",
            "@import 'x'",
            ".a{content:'\n'}",
            "<!-- .a{} -->",
            ".a{b:url({})}",
            ".a{b:url(image/*)}",
            "@/**/theme{}",
            ".a{} /* b",
            "{top:0}",
            "('a'){top:0}",
            ".a{}\r.b{}",
        ] {
            assert_eq!(plain(css), None, "{css}");
        }
    }

    #[test]
    fn every_variable_that_a_reference_names_is_used() {
        let [rule] = &rules(".a{top:var(--b, var(--a, --c));--d:0;content:'var(--e)'}").expect("rules")[..]
        else {
            panic!("one rule");
        };
        assert_eq!(Vec::from_iter(&rule.used), ["--a", "--b", "--c"]);
        assert_eq!(rule.prelude, 0..2);
    }
}
