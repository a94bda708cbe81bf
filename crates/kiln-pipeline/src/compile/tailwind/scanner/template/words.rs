//! Word lists of Ruby, in Ruby and in templates: `%w[flex p-4]`.

use super::super::grammar::byte;

/// The context of a list, which decides how it is read.
#[derive(Clone, Copy)]
pub(super) enum Within {
    Ruby,
    Template,
}

impl Within {
    /// The letters of a list after the percent sign.
    fn letters(self) -> &'static [u8] {
        match self {
            Self::Ruby => b"wWp",
            Self::Template => b"wW",
        }
    }

    /// Whether `open` nests in a list that begins with `first`, and has to be closed before the list ends.
    fn nests(self, open: u8, first: u8) -> bool {
        open == first || matches!(self, Self::Ruby) && open != b'<'
    }
}

/// Blanks the delimiters of the list that begins at `percent`, and returns the offset after it.
pub(super) fn unwrapped(text: &[u8], percent: usize, within: Within, output: &mut [u8]) -> Option<usize> {
    let open = percent + 2;
    let before = byte(text, percent.wrapping_sub(1));
    // After a value, a percent sign is the remainder operator.
    let is_value = before.is_ascii_alphanumeric() || b")]}_".contains(&before);
    let is_list = byte(text, percent) == b'%'
        && within.letters().contains(&byte(text, percent + 1))
        && byte(text, open).is_ascii_punctuation();
    if is_value || !is_list {
        return None;
    }
    let end = end(text, open, within);
    let start = if matches!(within, Within::Ruby) { open } else { percent };
    output[start..=open].fill(b' ');
    output.get_mut(end).into_iter().for_each(|close| *close = b' ');
    Some(end + 1)
}

fn end(text: &[u8], open: usize, within: Within) -> usize {
    let first = text[open];
    let Some(close) = closing(first) else {
        return (open + 1..text.len()).find(|at| text[*at] == first).unwrap_or(text.len());
    };
    let (mut at, mut wanted) = (open + 1, vec![close]);
    while at < text.len() {
        match text[at] {
            b'\\' => at += 1,
            letter if wanted.last() == Some(&letter) => {
                wanted.pop();
            }
            letter if within.nests(letter, first) => wanted.extend(closing(letter)),
            _ => {}
        }
        if wanted.is_empty() {
            return at;
        }
        at += 1;
    }
    text.len()
}

fn closing(open: u8) -> Option<u8> {
    match open {
        b'(' => Some(b')'),
        b'[' => Some(b']'),
        b'{' => Some(b'}'),
        b'<' => Some(b'>'),
        _ => None,
    }
}
