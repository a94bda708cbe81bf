//! Templates in Ruby, in another language, as in `ViewComponent`: `slim_template <<~SLIM`.

use super::super::grammar::byte;

const METHOD: &[u8] = b"_template";

/// The first template that begins at or after `from`.
pub(super) struct Heredoc<'a> {
    pub(super) language: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl<'a> Heredoc<'a> {
    pub(super) fn next(text: &'a [u8], from: usize) -> Option<Self> {
        let is_method = |at: &usize| text[*at..].starts_with(METHOD);
        (from..text.len()).filter(is_method).find_map(|at| Self::at(text, at))
    }

    fn at(text: &'a [u8], method: usize) -> Option<Self> {
        let length = run(text[..method].iter().rev(), u8::is_ascii_lowercase);
        let language = method - length;
        let is_word = |letter: u8| letter.is_ascii_alphanumeric() || letter == b'_';
        if is_word(byte(text, language.wrapping_sub(1))) {
            return None;
        }
        let rest = text[method + METHOD.len()..].trim_ascii_start().strip_prefix(b"<<")?;
        let rest = rest.strip_prefix(b"~").or(rest.strip_prefix(b"-")).unwrap_or(rest);
        let (name, rest) = rest.split_at(run(rest.iter(), u8::is_ascii_uppercase));
        let body = rest.strip_prefix(b"\n").filter(|_| !name.is_empty())?;
        let ends = |line: &&[u8]| {
            line.trim_ascii_start().strip_prefix(name).is_some_and(|rest| !is_word(byte(rest, 0)))
        };
        let mut length = 0;
        let closing = body.split_inclusive(|letter| *letter == b'\n').find(|line| {
            length += line.len();
            ends(line)
        })?;
        let start = text.len() - body.len();
        let end = start + length - closing.len();
        Some(Self { language: std::str::from_utf8(&text[language..method]).ok()?, start, end })
    }
}

fn run<'a>(letters: impl Iterator<Item = &'a u8>, is_inside: impl Fn(&u8) -> bool) -> usize {
    letters.take_while(|letter| is_inside(letter)).count()
}
