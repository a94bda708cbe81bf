//! `.env` files: variables for scripts, in the order of Vite. A later file replaces variables of an earlier one, and the
//! environment replaces all.
//!
//! A value is a line without its comment, or the text between quotes, which may span lines. `$NAME`, `${NAME}` and
//! `${NAME:-default}` in a value are expanded after all files have been read, in any quotes; `\$` is a dollar.

use std::{collections::BTreeMap, path::Path};

use kiln_manifest::Mode;

use crate::{Result, text::Text};

/// Variables by name.
type Variables = BTreeMap<String, String>;

/// The name and the value of a variable, and the text after it.
type Parsed<'t> = ((String, String), &'t str);

/// The files for `mode`, below the package.
fn files(mode: Mode) -> [&'static str; 4] {
    match mode {
        Mode::Dev => [".env", ".env.local", ".env.development", ".env.development.local"],
        Mode::Release => [".env", ".env.local", ".env.production", ".env.production.local"],
    }
}

/// The variables of the files in `root` as they are written, without those of the environment.
///
/// # Errors
/// When a file is unreadable, or a line is not `NAME=value`; the remedy names a variable with `prefix`.
pub(super) fn written(root: &Path, mode: Mode, prefix: &str) -> Result<Variables> {
    let mut variables = Variables::new();
    for name in files(mode).into_iter().filter(|name| root.join(name).exists()) {
        let text = Text::read(&root.join(name), name.to_owned())?;
        let mut rest = text.content().trim_start_matches('\u{feff}');
        while let Some(((name, value), next)) = next_variable(rest).map_err(|line| {
            let start = text.content().len() - line.len();
            let error = text.error(text.word_at(start), "expected `NAME=value`").with_label("no variable");
            error.with_help(format!("write a variable a line, `{prefix}NAME=value`, or `#` before a comment"))
        })? {
            variables.insert(name, value);
            rest = next;
        }
    }
    Ok(variables)
}

/// `written`, expanded, and the variables of the environment, which replace those of the files.
pub(super) fn expanded(written: &Variables, environment: Variables) -> Variables {
    let mut expansion = Expansion { written, environment: &environment, open: Vec::new() };
    let mut variables: Variables =
        written.keys().map(|name| (name.clone(), expansion.variable(name))).collect();
    variables.extend(environment);
    variables
}

/// The first variable of `text` and the text after it; `None` when only comments are left.
///
/// # Errors
/// The text from a line that is no variable.
fn next_variable(text: &str) -> Result<Option<Parsed<'_>>, &str> {
    let mut text = text.trim_start();
    while text.starts_with('#') {
        text = text.split_once('\n').map_or("", |(_, rest)| rest.trim_start());
    }
    if text.is_empty() {
        return Ok(None);
    }
    let (name, value) = text.split_once('=').ok_or(text)?;
    let name = name.trim_end();
    let name = name.strip_prefix("export ").map_or(name, str::trim_start);
    if !is_name(name) {
        return Err(text);
    }
    let value = value.trim_start_matches([' ', '\t']);
    let (value, rest) = quoted(value).unwrap_or_else(|| unquoted(value));
    Ok(Some(((name.to_owned(), value), rest)))
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || ['_', '-', '.'].contains(&c))
}

/// The value in quotes at the start of `text`, and the text after its line.
fn quoted(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|first| ['"', '\'', '`'].contains(first))?;
    let mut closing = text.match_indices(quote).map(|(at, _)| at).skip(1);
    let end = closing.find(|&at| quote != '"' || !text[..at].ends_with('\\'))?;
    let (after, rest) = text[end + 1..].split_once('\n').unwrap_or((&text[end + 1..], ""));
    let after = after.trim_start();
    (after.is_empty() || after.starts_with('#')).then(|| {
        let value = &text[1..end];
        match quote {
            '"' => (value.replace("\\n", "\n").replace("\\r", "\r").replace("\\\"", "\""), rest),
            _ => (value.to_owned(), rest),
        }
    })
}

/// The line at the start of `text` without its comment, and the text after it.
fn unquoted(text: &str) -> (String, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    let (value, _) = line.split_once('#').unwrap_or((line, ""));
    (value.trim().to_owned(), rest)
}

/// The expansion of references to variables.
struct Expansion<'a> {
    written: &'a Variables,
    environment: &'a Variables,
    /// Variables in expansion, from the first to the innermost. A reference to one of them is empty.
    open: Vec<&'a str>,
}

impl Expansion<'_> {
    fn variable(&mut self, name: &str) -> String {
        if let Some(value) = self.environment.get(name) {
            return value.clone();
        }
        let found = self.written.get_key_value(name).filter(|(name, _)| !self.open.contains(&name.as_str()));
        let Some((name, value)) = found else { return String::new() };
        self.open.push(name);
        let value = self.value(value);
        self.open.pop();
        value
    }

    fn value(&mut self, mut rest: &str) -> String {
        let mut done = String::new();
        while let Some((before, after)) = rest.split_once('$') {
            rest = after;
            let escaped = before.strip_suffix('\\');
            match reference(after).filter(|_| escaped.is_none()) {
                None => done.extend([escaped.unwrap_or(before), "$"]),
                Some((name, default, next)) => {
                    let value = self.variable(name);
                    let value = if value.is_empty() { self.value(default) } else { value };
                    done.extend([before, &value]);
                    rest = next;
                }
            }
        }
        done + rest
    }
}

/// The name of the variable to which the text after a `$` refers, its default, and the text after the reference.
fn reference(text: &str) -> Option<(&str, &str, &str)> {
    let (inside, rest) = match text.strip_prefix('{') {
        Some(braced) => {
            let end = closing_brace(braced)?;
            (&braced[..end], &braced[end + 1..])
        }
        None => text.split_at(name_length(text)),
    };
    let (name, default) = inside.split_at(name_length(inside));
    let default = default.strip_prefix(':').unwrap_or(default);
    let default = if default.is_empty() { default } else { default.strip_prefix('-')? };
    (!name.is_empty()).then_some((name, default, rest))
}

fn name_length(text: &str) -> usize {
    text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(text.len())
}

/// The place of the brace that closes one before `text`.
fn closing_brace(text: &str) -> Option<usize> {
    let mut open = 1;
    text.char_indices().find_map(|(at, character)| {
        open += i32::from(character == '{') - i32::from(character == '}');
        (open == 0).then_some(at)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn variables(files: &[(&str, &str)], environment: &[(&str, &str)]) -> Variables {
        let folder = tempfile::tempdir().expect("folder");
        for (name, content) in files {
            fs::write(folder.path().join(name), content).expect("write");
        }
        let written = written(folder.path(), Mode::Release, "PUBLIC_").expect("variables");
        expanded(&written, owned(environment))
    }

    fn owned(variables: &[(&str, &str)]) -> Variables {
        variables.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn a_later_file_replaces_variables_of_an_earlier_one() {
        let files = [
            (".env", "A=1\nB=\"two words\" # a comment\nC=1\nD=1\n"),
            (".env.local", "export C=2\n"),
            (".env.production", "D=3\nC=3\n"),
            (".env.production.local", "D=4\n"),
            (".env.development", "A=5\n"),
        ];
        let expected = [("A", "1"), ("B", "two words"), ("C", "3"), ("D", "4")];
        assert_eq!(variables(&files, &[]), owned(&expected));
    }

    #[test]
    fn a_value_is_a_line_without_its_comment_or_a_text_in_quotes() {
        for (line, value) in [
            ("two words", "two words"),
            (" spaced \r", "spaced"),
            ("it's", "it's"),
            ("`back \"tick\"`", "back \"tick\""),
            ("'it#s' # a comment", "it#s"),
            ("a#b", "a"),
            ("foo # comment", "foo"),
            ("x\\ny", "x\\ny"),
            ("\"a\\nb \\\"c\\\"\"", "a\nb \"c\""),
            ("\"several\nlines\"", "several\nlines"),
            ("\"never closed", "\"never closed"),
            ("'a' b", "'a' b"),
            ("https://x.y/?a=1&b=2", "https://x.y/?a=1&b=2"),
            ("", ""),
        ] {
            let files = [(".env", &*format!("\u{feff}# first\nA = {line}\nB=b\n"))];
            assert_eq!(variables(&files, &[]), owned(&[("A", value), ("B", "b")]), "{line}");
        }
    }

    #[test]
    fn references_are_expanded_after_all_files_have_been_read() {
        for (value, expected) in [
            ("two-$A", "two-production"),
            ("'${A}'", "production"),
            ("$A_B", ""),
            ("${NONE:-dflt}|${NONE-$A}|${NONE:-${A}}|${A:-dflt}", "dflt|production|production|production"),
            ("pw$", "pw$"),
            ("$-$.${}", "$-$.${}"),
            ("a\\$A", "a$A"),
            ("$HOST/$LAST", "environment/last"),
            ("<$LOOP>", "<>"),
        ] {
            let env = format!("A=one\nB={value}\nLOOP=$LOOP\nHOST=file\nLAST=last\n");
            let files = [(".env", env.as_str()), (".env.production", "A=production\n")];
            let found = variables(&files, &[("HOST", "environment")]);
            assert_eq!(found["B"], expected, "{value}");
            assert_eq!(found["HOST"], "environment");
        }
    }

    #[test]
    fn a_line_that_is_no_variable_is_an_error() {
        let folder = tempfile::tempdir().expect("folder");
        fs::write(folder.path().join(".env.local"), "A=1\n? what\n").expect("write");
        let error = written(folder.path(), Mode::Dev, "PUBLIC_").expect_err("no variable");
        assert_eq!(error.to_string(), "expected `NAME=value`");
    }
}
