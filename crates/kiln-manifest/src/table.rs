//! Constants behind the generated macros `asset!` and `asset_tags!`, and their compile errors for an unknown name.

/// Compile error of a call such as `asset!("app.cs")`, with the nearest known name. Has the type of a URL, so that
/// nothing else is reported where the call stands.
///
/// ```compile_fail,E0080
/// const URL: &str = kiln_manifest::no_such_asset("app.cs", &["app.css", "app.js"]);
/// ```
///
/// # Panics
/// Always; as the value of a constant that is a compile error with the same text.
#[must_use]
pub const fn no_such_asset(name: &str, known: &[&str]) -> &'static str {
    let message = miss("unknown asset `", name, known, "`; the build has no asset with a URL");
    panic!("{}", message.text())
}

/// The output of a call such as `asset_tags!("app.ts")`: the one at the position of the name among `names`.
///
/// ```
/// const OUTPUT: &str = kiln_manifest::entry("app.ts", &["app.css", "app.ts"], &["app.css", "app.js"]);
/// assert_eq!(OUTPUT, "app.js");
/// ```
///
/// ```compile_fail,E0080
/// const OUTPUT: &str = kiln_manifest::entry("app.tsx", &["app.css", "app.ts"], &["app.css", "app.js"]);
/// ```
///
/// # Panics
/// Where the name is not among them; as the value of a constant that is a compile error with the nearest name.
#[must_use]
pub const fn entry(name: &str, names: &[&str], outputs: &[&'static str]) -> &'static str {
    let mut index = 0;
    while index < names.len() {
        if is_same(name.as_bytes(), names[index].as_bytes()) {
            return outputs[index];
        }
        index += 1;
    }
    let none = "`; the build has none: load it from a page, or name it in `entries`";
    let message = miss("unknown script or style sheet `", name, names, none);
    panic!("{}", message.text())
}

const fn miss(unknown: &str, name: &str, known: &[&str], none: &str) -> Message {
    let mut message = Message::new();
    message.push(unknown);
    message.push(name);
    match nearest(name.as_bytes(), known) {
        Some(found) => {
            message.push("`; did you mean `");
            message.push(found);
            message.push("`?");
        }
        None => message.push(none),
    }
    message
}

const CAPACITY: usize = 512;

/// Text assembled without an allocator, cut at [`CAPACITY`] bytes.
struct Message {
    bytes: [u8; CAPACITY],
    length: usize,
}

impl Message {
    const fn new() -> Self {
        Self { bytes: [0; CAPACITY], length: 0 }
    }

    const fn push(&mut self, text: &str) {
        let text = text.as_bytes();
        let mut index = 0;
        while index < text.len() && self.length < CAPACITY {
            self.bytes[self.length] = text[index];
            self.length += 1;
            index += 1;
        }
    }

    const fn text(&self) -> &str {
        let (filled, _) = self.bytes.split_at(self.length);
        match std::str::from_utf8(filled) {
            Ok(text) => text,
            Err(_) => "unknown asset",
        }
    }
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    let mut index = 0;
    while index < one.len() && index < other.len() && one[index] == other[index] {
        index += 1;
    }
    index == one.len() && index == other.len()
}

const fn nearest<'a>(name: &[u8], known: &[&'a str]) -> Option<&'a str> {
    let mut best = None;
    let mut best_distance = usize::MAX;
    let mut index = 0;
    while index < known.len() {
        let distance = edit_distance(name, known[index].as_bytes());
        if distance < best_distance {
            best_distance = distance;
            best = Some(known[index]);
        }
        index += 1;
    }
    best
}

/// Levenshtein's distance over the first [`WIDTH`] bytes of each name.
const fn edit_distance(from: &[u8], to: &[u8]) -> usize {
    let (from_length, to_length) = (least(from.len(), WIDTH), least(to.len(), WIDTH));
    let mut row = [0; WIDTH + 1];
    let mut column = 0;
    while column <= to_length {
        row[column] = column;
        column += 1;
    }
    let mut line = 1;
    while line <= from_length {
        let mut diagonal = row[0];
        row[0] = line;
        let mut column = 1;
        while column <= to_length {
            let substitution = diagonal + (from[line - 1] != to[column - 1]) as usize;
            diagonal = row[column];
            row[column] = least(substitution, least(row[column], row[column - 1]) + 1);
            column += 1;
        }
        line += 1;
    }
    row[to_length]
}

const WIDTH: usize = 64;

const fn least(one: usize, other: usize) -> usize {
    if one < other { one } else { other }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distance_counts_edits() {
        for (from, to, expected) in [
            ("", "", 0),
            ("abc", "abc", 0),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("app.cs", "app.css", 1),
        ] {
            assert_eq!(edit_distance(from.as_bytes(), to.as_bytes()), expected, "{from} → {to}");
        }
    }

    #[test]
    #[should_panic(expected = "unknown asset `app.cs`; did you mean `app.css`?")]
    fn a_miss_names_the_nearest() {
        let _ = no_such_asset("app.cs", &["logo.svg", "app.css", "app.js"]);
    }

    #[test]
    fn an_entry_is_found_by_its_whole_name() {
        let (names, outputs) = (["a.ts", "a.tsx", "b.css"], ["a.js", "x/a.js", "b.css"]);
        for (name, output) in names.iter().zip(outputs) {
            assert_eq!(entry(name, &names, &outputs), output);
        }
    }

    #[test]
    #[should_panic(expected = "unknown script or style sheet `app.tx`; did you mean `app.ts`?")]
    fn a_miss_of_an_entry_names_the_nearest() {
        let _ = entry("app.tx", &["app.css", "app.ts"], &["app.css", "app.js"]);
    }

    #[test]
    #[should_panic(expected = "the build has no asset with a URL")]
    fn a_miss_without_any_asset_says_so() {
        let _ = no_such_asset("app.css", &[]);
    }
}
