//! Rules in which the engine has nothing to do, taken out of a sheet. They have no part in what it makes of the rest,
//! which it need not make again when one of them is edited.
//!
//! The engine prints them as it would in their place, but apart. A mark stands where they stood, in what it is given
//! and in what it prints; where it does not print each mark once, the sheet cannot be parted.

use std::{collections::BTreeSet, iter, ops::Range};

use cssparser::{ParseError, Parser, ParserInput, Token};

use super::Printed;
use crate::{
    compile::style::{Marked, Step},
    edit::Edit,
};

/// The at-rules that the engine hands on as they are, when nothing in them asks for more.
const PLAIN_RULES: [&str; 7] =
    ["container", "font-face", "keyframes", "layer", "media", "starting-style", "supports"];

/// What the engine looks for in any text: functions of the theme, mixtures of colours, which it lowers, the names of
/// animations, and comments that it moves. Names with escapes it may read in its own way.
const NEVER_PLAIN: [&str; 5] = ["theme(", "color-mix(", "animation", "/*!", "\\"];

/// Before the plain rules: without it the engine hands a sheet on unprinted.
const BEGINNING: &str = "@tailwind utilities;\n";

const NAME: &str = "kiln-plain-";
const MARK_LINES: usize = 3;

/// See the module.
pub(super) struct Parted {
    /// The sheet, with marks for its plain rules.
    pub(super) rest: Marked,
    /// The plain rules alone, each run of them behind its mark.
    pub(super) plain: Marked,
    pub(super) marks: Vec<Mark>,
}

/// A rule in place of a run of others. It uses the variables that they use: the engine leaves out of its theme what
/// nobody does.
#[derive(Debug)]
pub(super) struct Mark {
    number: usize,
    used: BTreeSet<String>,
}

impl Parted {
    /// None when the sheet cannot be read with certainty.
    pub(super) fn of(sheet: &Marked) -> Option<Self> {
        let (mut rest, mut plain, mut marks) = (Vec::new(), Vec::new(), Vec::new());
        let mut done = 0;
        for (number, Rule { place, used, .. }) in runs(&sheet.css)?.into_iter().enumerate() {
            let mark = Mark { number, used };
            let beginning = if number == 0 { BEGINNING } else { "" };
            plain.push(Edit { place: done..place.start, text: format!("{beginning}{}", mark.written()) });
            done = place.end;
            rest.push(Edit { place, text: mark.written() });
            marks.push(mark);
        }
        plain.push(Edit { place: done..sheet.css.len(), text: String::new() });
        Some(Self { rest: sheet.replaced(&rest), plain: sheet.replaced(&plain), marks })
    }
}

impl Mark {
    fn written(&self) -> String {
        self.printed().concat() + "\n"
    }

    /// The lines that the engine makes of it.
    fn printed(&self) -> [String; MARK_LINES] {
        let used = self.used.iter().map(|name| format!("var({name})"));
        let value: Vec<String> = iter::once("0".to_owned()).chain(used).collect();
        [format!(".{NAME}{} {{", self.number), format!("  order: {};", value.join(" ")), "}".to_owned()]
    }
}

/// Puts the plain rules where their marks stand; None when not every mark stands in both as it was expected.
pub(super) fn join(marks: &[Mark], rest: &Printed, plain: &Printed) -> Option<Printed> {
    let around = Pieces::of(&rest.css, marks)?;
    let apart = Pieces::of(plain.css.strip_suffix('\n')?, marks)?;
    let mut joined = Joined::default();
    joined.take(&around, 0, rest, 0);
    for number in 1..=marks.len() {
        joined.take(&apart, number, plain, rest.read.len());
        joined.take(&around, number, rest, 0);
    }
    Some(Printed {
        css: joined.lines.join("\n"),
        read: rest.read.iter().chain(&plain.read).cloned().collect(),
        steps: joined.steps,
    })
}

/// A text between its marks.
struct Pieces<'a> {
    lines: Vec<&'a str>,
    /// The lines before the first mark, between each two, and after the last.
    pieces: Vec<Range<usize>>,
}

impl<'a> Pieces<'a> {
    fn of(css: &'a str, marks: &[Mark]) -> Option<Self> {
        let lines: Vec<&str> = css.split('\n').collect();
        let starts: Vec<usize> = (0..lines.len()).filter(|line| lines[*line].contains(NAME)).collect();
        let is_as_expected = |(start, mark): (&usize, &Mark)| {
            mark.printed()
                .iter()
                .zip(lines.get(*start..)?)
                .all(|(expected, line)| expected == line)
                .then_some(())
        };
        if starts.len() != marks.len() {
            return None;
        }
        starts.iter().zip(marks).try_for_each(is_as_expected)?;
        let begins = iter::once(0).chain(starts.iter().map(|start| start + MARK_LINES));
        let ends = starts.iter().copied().chain([lines.len()]);
        Some(Self { pieces: begins.zip(ends).map(|(start, end)| start..end).collect(), lines })
    }
}

#[derive(Default)]
struct Joined<'a> {
    lines: Vec<&'a str>,
    steps: Vec<Step>,
}

impl<'a> Joined<'a> {
    /// Goes on with a piece of what was printed, from sheets that are read after `before` others.
    fn take(&mut self, text: &Pieces<'a>, piece: usize, printed: &Printed, before: usize) {
        let piece = text.pieces[piece].clone();
        let steps = printed.steps.iter().filter_map(|step| {
            let (line, column) = step.compiled;
            let line =
                Some(line as usize).filter(|line| piece.contains(line))? - piece.start + self.lines.len();
            let compiled = (u32::try_from(line).ok()?, column);
            Some(Step { compiled, text: step.text + before, ..*step })
        });
        self.steps.extend(steps);
        self.lines.extend(&text.lines[piece.clone()]);
    }
}

/// A rule of the outermost level, or a run of them.
#[derive(Debug, Default)]
struct Rule {
    place: Range<usize>,
    is_plain: bool,
    /// The variables that it refers to.
    used: BTreeSet<String>,
}

/// The longest runs of plain rules. The last ends the sheet, and may be empty: that is where rules are added.
fn runs(css: &str) -> Option<Vec<Rule>> {
    if css.contains(NAME) {
        return None;
    }
    let mut rules = rules(css)?;
    rules.push(Rule { place: css.len()..css.len(), is_plain: true, used: BTreeSet::new() });
    let run = |rules: &[Rule]| {
        let (first, last) = (rules.first()?, rules.last()?);
        let used = rules.iter().flat_map(|rule| &rule.used).cloned().collect();
        first.is_plain.then_some(Rule { place: first.place.start..last.place.end, is_plain: true, used })
    };
    Some(rules.chunk_by(|rule, next| rule.is_plain && next.is_plain).filter_map(run).collect())
}

fn rules(css: &str) -> Option<Vec<Rule>> {
    let mut input = ParserInput::new(css);
    let mut parser = Parser::new(&mut input);
    let mut rules = Vec::new();
    loop {
        let start = parser.state();
        match parser.next_including_whitespace_and_comments() {
            Err(_) => return Some(rules),
            // The engine moves these to the beginning of all that it writes.
            Ok(Token::Comment(text)) if text.starts_with('!') => rules.push(Rule::default()),
            Ok(Token::Comment(_) | Token::WhiteSpace(_)) => {}
            Ok(_) => {
                parser.reset(&start);
                rules.push(Reader::default().rule(css, &mut parser)?);
            }
        }
    }
}

/// Reads one rule; what gives None cannot be read with certainty.
#[derive(Default)]
struct Reader {
    /// Whether the engine has something to do in it.
    asks: bool,
    /// Whether it reads what stands between `@media` and its block: Tailwind has words of its own there.
    is_in_query: bool,
    used: BTreeSet<String>,
}

impl Reader {
    fn rule(mut self, css: &str, parser: &mut Parser<'_, '_>) -> Option<Rule> {
        let start = parser.position().byte_index();
        loop {
            let token = parser.next().ok()?.clone();
            self.read(&token, parser)?;
            if matches!(token, Token::Semicolon | Token::CurlyBracketBlock) {
                break;
            }
        }
        let place = start..parser.position().byte_index();
        let text = &css[place.clone()];
        let asks = self.asks || text.ends_with(';') || NEVER_PLAIN.iter().any(|never| text.contains(never));
        let is_closed = text.ends_with([';', '}']);
        is_closed.then_some(Rule { place, is_plain: !asks, used: self.used })
    }

    fn read(&mut self, token: &Token<'_>, parser: &mut Parser<'_, '_>) -> Option<()> {
        match token {
            Token::AtKeyword(name) => {
                self.asks |= !PLAIN_RULES.contains(&name.as_ref());
                self.is_in_query |= name.as_ref() == "media";
            }
            Token::Ident(name) => {
                self.asks |= self.is_in_query && matches!(name.as_ref(), "important" | "reference");
            }
            Token::Function(name) => {
                self.asks |= self.is_in_query || name.starts_with("--");
                let is_variable = name.as_ref() == "var";
                return self.inside(parser, |reader, inner| {
                    if is_variable {
                        reader.variable(inner);
                    }
                });
            }
            Token::CurlyBracketBlock => {
                self.is_in_query = false;
                return self.inside(parser, |_, _| {});
            }
            Token::ParenthesisBlock | Token::SquareBracketBlock => return self.inside(parser, |_, _| {}),
            Token::UnquotedUrl(url) if url.contains(['{', '}']) => return None,
            Token::BadUrl(_)
            | Token::BadString(_)
            | Token::CDO
            | Token::CDC
            | Token::CloseParenthesis
            | Token::CloseSquareBracket
            | Token::CloseCurlyBracket => return None,
            _ => {}
        }
        Some(())
    }

    fn variable(&mut self, parser: &mut Parser<'_, '_>) {
        match parser.expect_ident_cloned() {
            Ok(name) if name.starts_with("--") => {
                self.used.insert(name.as_ref().to_owned());
            }
            _ => self.asks = true,
        }
    }

    fn inside(
        &mut self,
        parser: &mut Parser<'_, '_>,
        begin: impl FnOnce(&mut Self, &mut Parser<'_, '_>),
    ) -> Option<()> {
        let read = parser.parse_nested_block(|inner| {
            begin(self, inner);
            while let Ok(token) = inner.next().cloned() {
                self.read(&token, inner).ok_or_else(|| inner.new_custom_error(()))?;
            }
            Ok::<(), ParseError<'_, ()>>(())
        });
        read.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(css: &str) -> Option<Vec<&str>> {
        Some(runs(css)?.into_iter().map(|run| &css[run.place]).collect())
    }

    #[test]
    fn a_run_is_of_plain_rules_and_the_last_ends_the_sheet() {
        let css =
            "@import \"x\"; .a{} /* b */ @layer c{.c{}} @utility u{top:0} .d{} /*! e */ .f{} @layer g, h;";
        assert_eq!(plain(css).expect("runs"), [".a{} /* b */ @layer c{.c{}}", ".d{}", ".f{}", ""]);
        assert_eq!(plain(".a{}\n.b{}\n").expect("runs"), [".a{}\n.b{}\n"]);
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
            ".a{top:var()}",
            ".a\\:b{top:0}",
            "@media important{.a{top:0}}",
            "@media source(none){.a{top:0}}",
            "@property --a{syntax:'*'}",
            ".a{/*! b */}",
            "@layer a{@utility b{top:0}}",
            "@MEDIA print{.a{top:0}}",
        ] {
            assert_eq!(plain(rule).expect("runs"), [""], "{rule}");
        }
    }

    #[test]
    fn a_sheet_that_cannot_be_read_with_certainty_has_no_runs() {
        for css in [
            ".a{top:0",
            ".a{}}",
            "@import 'x'",
            ".a{content:'\n'}",
            "<!-- .a{} -->",
            ".a{b:url({})}",
            ".kiln-plain-0{}",
        ] {
            assert_eq!(plain(css), None, "{css}");
        }
    }

    #[test]
    fn a_mark_uses_the_variables_that_its_rules_use() {
        let [run] =
            &runs(".a{top:var(--b, var( --a))} .b{top:var(--a);content:'var(--c)'}").expect("runs")[..]
        else {
            panic!("one run");
        };
        let mark = Mark { number: 7, used: run.used.clone() };
        assert_eq!(mark.printed().join("\n"), ".kiln-plain-7 {\n  order: 0 var(--a) var(--b);\n}");
    }
}
