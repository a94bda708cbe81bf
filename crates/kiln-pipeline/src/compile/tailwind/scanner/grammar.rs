//! The grammar of Tailwind classes, equal to that of the official scanner (Tailwind 4.3): variants, a utility and its
//! modifier, each read from an offset in a line.
//!
//! A reader returns the end of its token, or else the offset at which it failed; scanning continues after that.

/// The end of a token, or the offset at which reading it failed.
pub(super) type Read = Result<usize, usize>;

/// Reads a variant with its colon: `hover:`, `data-[state=open]:`, `group-hover/name:` or `[&>p]:`.
pub(super) fn variant(line: &[u8], at: usize) -> Read {
    let end = match byte(line, at) {
        b'[' => bracketed(line, at)?,
        b'a'..=b'z' | b'*' if byte(line, at + 1) == b':' => at + 1,
        b'a'..=b'z' | b'*' | b'0'..=b'9' | b'@' => variant_name(line, at + 1)?,
        _ => return Err(at),
    };
    if byte(line, end) == b':' { Ok(end + 1) } else { Err(end) }
}

/// Reads the rest of a variant, from the second character to the colon.
fn variant_name(line: &[u8], mut at: usize) -> Read {
    while at < line.len() {
        match (byte(line, at), byte(line, at + 1)) {
            (b'[', _) => return modified(line, bracketed(line, at)?),
            (b'-', b'[') => at += 1,
            (b'-', b'(') => return modified(line, parenthesised(line, at + 1)?),
            (b'-' | b'_', next) if next.is_ascii_alphanumeric() || matches!(next, b'-' | b'_') => at += 1,
            (b'.', next) if next.is_ascii_digit() && byte(line, at - 1).is_ascii_digit() => at += 1,
            (letter, _) if letter.is_ascii_alphanumeric() || letter == b'*' => at += 1,
            (b'/' | b':', _) => return modified(line, at),
            _ => return Err(at),
        }
    }
    Err(at)
}

fn modified(line: &[u8], at: usize) -> Read {
    if byte(line, at) == b'/' { modifier(line, at) } else { Ok(at) }
}

/// Reads a utility with an exclamation mark before or after it: `flex`, `-mt-2`, `bg-red-500/20`, `[color:red]`.
pub(super) fn utility(line: &[u8], start: usize) -> Read {
    let is_marked = byte(line, start) == b'!';
    let at = start + usize::from(is_marked);
    let mut end = if byte(line, at) == b'[' { property(line, at)? } else { named(line, at)? };
    if byte(line, end) == b'/' {
        end = modifier(line, end)?;
        if byte(line, end) == b'/' {
            return Err(end);
        }
    }
    match (byte(line, end), is_marked) {
        (b'!', true) => Err(end),
        (b'!', false) => Ok(end + 1),
        _ => Ok(end),
    }
}

fn named(line: &[u8], at: usize) -> Read {
    match (byte(line, at), byte(line, at + 1)) {
        (b'a'..=b'z', next) if next.is_ascii_whitespace() || is_quote(next) || next == 0 => Ok(at + 1),
        (b'a'..=b'z' | b'@', _) | (b'-', b'a'..=b'z') => utility_name(line, at + 1),
        _ => Err(at),
    }
}

/// Reads the rest of a utility, from the second character on.
fn utility_name(line: &[u8], mut at: usize) -> Read {
    while at < line.len() {
        let (before, next) = (byte(line, at - 1), byte(line, at + 1));
        let is_end = ends_class(next) || matches!(next, b':' | b'/' | b'!');
        match byte(line, at) {
            b'a'..=b'z' | b'A'..=b'Z' if is_end => return Ok(at + 1),
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'-' if next == b'[' => return bracketed(line, at + 1),
            b'-' if next == b'(' => return parenthesised(line, at + 1),
            b'-' if next.is_ascii_alphanumeric() || next == b'-' => {}
            b'_' if next.is_ascii_alphanumeric() || next == b'_' => {}
            b'_' if is_end => return Ok(at + 1),
            b'.' if before.is_ascii_digit() && next.is_ascii_digit() => {}
            b'0'..=b'9' if before.is_ascii_alphanumeric() || matches!(before, b'-' | b'.' | b'_') => {
                if !(next.is_ascii_alphanumeric() || matches!(next, b'.' | b'%' | b'_' | b'-')) {
                    return Ok(at + 1);
                }
            }
            b'%' if before.is_ascii_digit() => return Ok(at + 1),
            _ => return Err(at),
        }
        at += 1;
    }
    Err(at)
}

/// Reads a modifier: `/20`, `/[20%]`, `/(--x)` or `/name`.
fn modifier(line: &[u8], slash: usize) -> Read {
    let is_inside = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_' | b'.');
    let at = slash + 1;
    match byte(line, at) {
        b'[' => bracketed(line, at),
        b'(' => parenthesised(line, at),
        first if first.is_ascii_alphanumeric() => {
            Ok((at..line.len()).find(|at| !is_inside(line[*at])).unwrap_or(line.len()))
        }
        _ => Err(at),
    }
}

/// Reads an arbitrary property: `[color:red]`.
fn property(line: &[u8], open: usize) -> Read {
    let mut at = open + 1;
    loop {
        match (byte(line, at), byte(line, at + 1)) {
            (b'-', b'-') => {
                at = custom_property(line, at)?;
                break;
            }
            (b'-' | b'a'..=b'z' | b'A'..=b'Z', _) => at += 1,
            _ => break,
        }
    }
    if byte(line, at) != b':' || at == open + 1 {
        return Err(at);
    }
    value(line, at + 1, b']', Colons::Nested)
}

/// Reads an arbitrary value: `[#0088cc]`, not empty.
fn bracketed(line: &[u8], open: usize) -> Read {
    // A closing bracket right after the opening one is part of the value.
    let start = open + 1 + usize::from(byte(line, open + 1) == b']');
    value(line, start, b']', Colons::Anywhere)
}

/// Reads a variable: `(--x)`, `(--x,red)` or `(length:--x)`.
fn parenthesised(line: &[u8], open: usize) -> Read {
    let is_kind = |letter: &u8| letter.is_ascii_lowercase() || *letter == b'-';
    let kind = line[open + 1..].iter().take_while(|letter| is_kind(letter)).count();
    let is_given = kind > 0 && byte(line, open + 1 + kind) == b':';
    let start = open + 1 + if is_given { kind + 1 } else { 0 };
    let end = custom_property(line, start)?;
    match byte(line, end) {
        b',' => value(line, end + 1, b')', Colons::Nested),
        b')' => Ok(end + 1),
        _ => Err(end),
    }
}

/// The places in which a value may have colons.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colons {
    Anywhere,
    /// Within brackets or strings only.
    Nested,
}

/// Reads a value up to and with `close`, with balanced brackets and without white space.
fn value(line: &[u8], mut at: usize, close: u8, colons: Colons) -> Read {
    let mut open = Vec::new();
    while at < line.len() {
        match line[at] {
            b'\\' if byte(line, at + 1).is_ascii_whitespace() => return Err(at),
            b'\\' => at += 1,
            // A template literal, `p-[${x}]`, is no complete class.
            b'$' if byte(line, at + 1) == b'{' => return Err(at),
            b'(' => open.push(b')'),
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            closing @ (b')' | b']' | b'}') => match open.pop() {
                Some(wanted) if wanted == closing => {}
                Some(_) => return Err(at),
                None if closing == close => return Ok(at + 1),
                None => {}
            },
            quote if is_quote(quote) => at = string(line, at)? - 1,
            b':' if colons == Colons::Nested && open.is_empty() => return Err(at),
            space if space.is_ascii_whitespace() => return Err(at),
            _ => {}
        }
        at += 1;
    }
    Err(line.len())
}

fn string(line: &[u8], open: usize) -> Read {
    let mut at = open + 1;
    while at < line.len() {
        match line[at] {
            b'\\' if byte(line, at + 1).is_ascii_whitespace() => return Err(at),
            b'\\' => at += 1,
            letter if letter == line[open] => return Ok(at + 1),
            space if space.is_ascii_whitespace() => return Err(at),
            _ => {}
        }
        at += 1;
    }
    Err(line.len())
}

/// Reads a custom property: `--name`.
pub(super) fn custom_property(line: &[u8], start: usize) -> Read {
    let is_name = |letter: u8| letter.is_ascii_alphanumeric() || matches!(letter, b'-' | b'_' | 0x80..);
    if (byte(line, start), byte(line, start + 1)) != (b'-', b'-') {
        return Err(start);
    }
    let mut at = start + 2;
    while at < line.len() {
        match line[at] {
            b'\\' if byte(line, at + 1).is_ascii_whitespace() || at + 1 == line.len() => return Err(at),
            b'\\' => at += 2,
            letter if is_name(letter) => at += 1,
            _ => break,
        }
    }
    if at > start + 2 { Ok(at.min(line.len())) } else { Err(at) }
}

/// Whether a class may follow this character.
pub(super) fn begins_class(before: u8) -> bool {
    is_quote(before) || before.is_ascii_whitespace() || matches!(before, 0 | b'.' | b'}' | b'>')
}

/// Whether this character may follow a class.
pub(super) fn ends_class(after: u8) -> bool {
    is_quote(after) || after.is_ascii_whitespace() || matches!(after, 0 | b']' | b'{' | b'=' | b'\\' | b'<')
}

fn is_quote(letter: u8) -> bool {
    matches!(letter, b'"' | b'\'' | b'`')
}

/// The byte at an offset; 0 outside of the line.
pub(super) fn byte(line: &[u8], at: usize) -> u8 {
    line.get(at).copied().unwrap_or(0)
}
