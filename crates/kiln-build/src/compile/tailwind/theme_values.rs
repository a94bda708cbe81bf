//! Values of the theme that the engine hands on without a look, taken out of a sheet that is compiled again and again:
//! another font or colour is no reason to make anything anew.
//!
//! A mark stands for each in what the engine is given, and the value comes back where the engine has printed the mark.
//! Variables are what utilities refer to; a value itself is printed where `:root` defines it, and where `theme()` or
//! the fallback of a mixture of colours repeats it.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use cssparser::{Delimiter, ParseError, Parser, ParserInput, Token};

use super::{Printed, plain_rules::rules};
use crate::{
    compile::style::{Marked, Step},
    edit::{Edit, apply},
    lines::Lines,
};

/// How marks begin. A number and a hyphen follow.
pub(super) const NAME: &str = "kiln-value-";

/// Namespaces of which the engine reads the names alone. It compares breakpoints and containers, takes shadows apart,
/// and looks for the names of animations.
const NAMESPACES: [&str; 8] =
    ["--color-", "--ease-", "--font-", "--leading-", "--radius-", "--spacing", "--text-", "--tracking-"];

/// One whose name begins alike, of which it reads the values.
const READ_NAMESPACE: &str = "--text-shadow";

/// Words that the engine looks for in a mixture of colours: it lowers the space in which they are mixed.
const MIXING: [&str; 5] = ["in", "lab", "lch", "oklab", "oklch"];

/// Functions of CSS that the engine hands on where a variable holds them.
const FUNCTIONS: [&str; 16] = [
    "calc",
    "clamp",
    "color",
    "cubic-bezier",
    "hsl",
    "hsla",
    "hwb",
    "lab",
    "lch",
    "linear",
    "max",
    "min",
    "oklab",
    "oklch",
    "rgb",
    "rgba",
];

/// The values, by the numbers of their marks. Equal ones have one mark: of equal declarations the engine prints one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Values(Vec<String>);

impl Values {
    /// The sheet with marks; none when it has no such value, keeps them, or can be read in more than
    /// one way.
    pub(super) fn of(sheet: &Marked) -> Option<(Marked, Self)> {
        let (edits, values) = Self::marks(&sheet.css).filter(|_| !are_kept(&sheet.file))?;
        (!edits.is_empty()).then(|| (sheet.replaced(&edits), values))
    }

    fn marks(css: &str) -> Option<(Vec<Edit>, Self)> {
        if css.contains(NAME) {
            return None;
        }
        let mut values = Self::default();
        let mut edits = Vec::new();
        for theme in rules(css)?.into_iter().filter(|rule| &css[rule.prelude.clone()] == "@theme") {
            let from = theme.prelude.end;
            for value in unread(&css[from..theme.place.end])? {
                let start = value.as_ptr() as usize - css.as_ptr() as usize;
                edits.push(Edit { place: start..start + value.len(), text: values.mark(value) });
            }
        }
        Some((edits, values))
    }

    fn mark(&mut self, value: &str) -> String {
        let known = self.0.iter().position(|known| known == value);
        let number = known.unwrap_or_else(|| {
            self.0.push(value.to_owned());
            self.0.len() - 1
        });
        format!("{NAME}{number}-")
    }

    /// What the engine would have printed with the values. None when it would have printed something else: it reads the
    /// conditions of rules, the names of animations and mixtures of colours, and leaves out what a rule says twice.
    pub(super) fn put_back(&self, printed: Printed) -> Option<Printed> {
        if self.0.is_empty() {
            return Some(printed);
        }
        if printed.read.iter().skip(1).any(|sheet| sheet.css.contains(NAME)) {
            return None;
        }
        let edits = self.edits(&printed.css)?;
        let css = apply(&printed.css, &edits);
        let steps = shifted(printed.steps, &printed.css, &edits);
        Some(Printed { css, read: printed.read, steps })
    }

    fn edits(&self, css: &str) -> Option<Vec<Edit>> {
        let lines = || css.split_inclusive('\n');
        let unmarked: HashSet<&str> = lines().filter(|line| !line.contains(NAME)).collect();
        let mut edits = Vec::new();
        let mut marked = HashMap::new();
        let mut start = 0;
        for line in lines() {
            if line.contains(NAME) {
                let here = self.marked(line)?;
                let with_values = apply(line, &here);
                let is_printed_already = unmarked.contains(&*with_values)
                    || marked.insert(with_values, line).is_some_and(|other| other != line);
                if is_printed_already || !is_declaration(line) {
                    return None;
                }
                let moved =
                    |Edit { place, text }| Edit { place: start + place.start..start + place.end, text };
                edits.extend(here.into_iter().map(moved));
            }
            start += line.len();
        }
        Some(edits)
    }

    /// The values for the marks of a line.
    fn marked(&self, line: &str) -> Option<Vec<Edit>> {
        let is_mixture = line.contains("color-mix(");
        let value = |(start, name): (usize, &str)| {
            let (number, after) = line[start + name.len()..].split_once('-')?;
            let text = self.0.get(number.parse::<usize>().ok()?)?.clone();
            let is_apart =
                line[..start].ends_with([' ', ',', '(', '/']) && after.starts_with([' ', ',', ')', '/', ';']);
            let is_known = is_apart && !(is_mixture && is_read_in_mixture(&text));
            is_known.then(|| Edit { place: start..start + name.len() + number.len() + "-".len(), text })
        };
        line.match_indices(NAME).map(value).collect()
    }
}

/// Sheets with plugins that read values of the theme, found in this process.
static KEPT: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn are_kept(sheet: &Path) -> bool {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).contains(sheet)
}

/// Leaves a sheet its values from now on.
pub(super) fn keep(sheet: &Path) {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner).insert(sheet.to_owned());
}

/// The values in the block of a theme that the engine does not read.
fn unread(block: &str) -> Option<Vec<&str>> {
    let mut input = ParserInput::new(block);
    let mut parser = Parser::new(&mut input);
    parser.expect_curly_bracket_block().ok()?;
    let values = parser.parse_nested_block(|block| {
        let mut values = Vec::new();
        while let Ok(token) = block.next().cloned() {
            match token {
                Token::Ident(name) => {
                    let value = block.parse_until_after(Delimiter::Semicolon, |input| Ok(value(input)))?;
                    values.extend(value.filter(|_| is_unread(&name)));
                }
                Token::AtKeyword(_) => {
                    while !matches!(block.next(), Ok(Token::CurlyBracketBlock) | Err(_)) {}
                }
                Token::Semicolon => {}
                _ => return Err(block.new_custom_error(())),
            }
        }
        Ok::<_, ParseError<'_, ()>>(values)
    });
    values.ok()
}

fn is_unread(name: &str) -> bool {
    NAMESPACES.iter().any(|namespace| name.starts_with(namespace)) && !name.starts_with(READ_NAMESPACE)
}

/// What follows the name of a declaration; none when the engine may have something to do in it.
fn value<'i>(input: &mut Parser<'i, '_>) -> Option<&'i str> {
    let has_colon = input.expect_colon().is_ok();
    let start = input.position();
    let is_known = has_colon && are_known(input);
    skip(input);
    let text = input.slice_from(start).trim();
    Some(text).filter(|text| is_known && !text.is_empty() && is_as_printed(text))
}

fn skip(input: &mut Parser<'_, '_>) {
    while input.next().is_ok() {}
}

/// Whether the rest of a value has no meaning for the engine.
fn are_known(input: &mut Parser<'_, '_>) -> bool {
    while let Ok(token) = input.next().cloned() {
        let is_known = match token {
            Token::Ident(word) => {
                let is_word_of_the_engine =
                    ["initial", "currentcolor"].contains(&&*word.to_ascii_lowercase());
                !is_word_of_the_engine && !word.starts_with("--")
            }
            Token::Function(name) => FUNCTIONS.contains(&&*name) && are_known_inside(input),
            Token::ParenthesisBlock => are_known_inside(input),
            Token::QuotedString(_)
            | Token::Number { .. }
            | Token::Percentage { .. }
            | Token::Dimension { .. }
            | Token::Hash(_)
            | Token::IDHash(_)
            | Token::Comma
            | Token::Delim('+' | '-' | '*' | '/') => true,
            _ => false,
        };
        if !is_known {
            return false;
        }
    }
    true
}

fn are_known_inside(input: &mut Parser<'_, '_>) -> bool {
    let known = input.parse_nested_block(|inside| Ok::<_, ParseError<'_, ()>>(are_known(inside)));
    known.unwrap_or_default()
}

/// Whether the engine prints a text as it stands, on one line, and counts it as this does.
fn is_as_printed(text: &str) -> bool {
    let is_plain = |character: char| {
        character == ' ' || character.is_ascii_alphanumeric() || "\"'#%()*+,-./_".contains(character)
    };
    text.chars().all(is_plain) && !["  ", "/*", NAME].iter().any(|odd| text.contains(odd))
}

/// Whether the engine would see more than a colour in a mixture.
fn is_read_in_mixture(value: &str) -> bool {
    let mut depth = 0_usize;
    let is_more_than_one = value.chars().any(|character| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && " ,/".contains(character)
    });
    is_more_than_one || MIXING.contains(&&*value.to_ascii_lowercase())
}

/// Whether a printed line is a declaration, and none that names animations.
fn is_declaration(line: &str) -> bool {
    let declaration = line.trim_end().strip_suffix(';').and_then(|line| line.trim_start().split_once(": "));
    declaration
        .is_some_and(|(name, _)| name != "animation" && !name.contains("animate-") && !name.contains(' '))
}

/// The steps, where what precedes them on their line is longer or shorter now.
fn shifted(steps: Vec<Step>, css: &str, edits: &[Edit]) -> Vec<Step> {
    let lines = Lines::of(css);
    let shift = |Edit { place, text }: &Edit| {
        (lines.place(place.end), text.len().cast_signed() - place.len().cast_signed())
    };
    let shifts: Vec<((u32, u32), isize)> = edits.iter().map(shift).collect();
    let shifted = |step: Step| {
        let (line, column) = step.compiled;
        let first = shifts.partition_point(|(end, _)| *end < (line, 0));
        let after = shifts.partition_point(|(end, _)| *end <= step.compiled);
        let shift = shifts[first..after].iter().map(|(_, shift)| shift).sum();
        let column = (column as usize).saturating_add_signed(shift);
        Step { compiled: (line, u32::try_from(column).unwrap_or(u32::MAX)), ..step }
    };
    steps.into_iter().map(shifted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(css: &str) -> Option<(String, Vec<String>)> {
        let (edits, Values(values)) = Values::marks(css)?;
        Some((apply(css, &edits), values))
    }

    #[test]
    fn a_mark_stands_for_each_value_that_the_engine_does_not_read() {
        let css = "@theme { --color-a: red; --breakpoint-b: 1rem; @keyframes c { to { --color-d: lime } }
            --font-e:'f', g;--color-h: red !important; --color-*: initial; --text-i: red /* j */; --radius-k: red }";
        let (marked, values) = marked(css).expect("values");
        assert_eq!(values, ["red", "'f', g"]);
        let expected = css
            .replace("--color-a: red", "--color-a: kiln-value-0-")
            .replace("'f', g", "kiln-value-1-")
            .replace("--radius-k: red", "--radius-k: kiln-value-0-");
        assert_eq!(marked, expected);
    }

    #[test]
    fn a_theme_with_options_and_a_sheet_with_marks_keep_their_values() {
        let plain = "@theme inline { --color-a: red } .b { --color-c: red }";
        assert_eq!(marked(plain), Some((plain.to_owned(), Vec::new())));
        assert_eq!(marked("@theme { --color-a: kiln-value-0- }"), None);
    }

    #[test]
    fn a_declaration_is_on_one_line_and_names_no_animations() {
        for line in ["  --color-a: b;\n", "  --spacing-2\\.5: 1px, 2px;\n"] {
            assert!(is_declaration(line), "{line}");
        }
        for line in ["  animation: a;\n", "@media (width > a) {\n", "@custom-media --a: b;\n", "    b;\n"] {
            assert!(!is_declaration(line), "{line}");
        }
    }
}
