//! What serde finds wrong with the table, at its place. An unknown key is told with the nearest of those that its
//! table knows, in nested tables as well.

use std::ops::Range;

use toml::{Spanned, de::DeTable, de::DeValue};

use crate::{Error, error::nearest, text::Text};

pub(super) fn toml_error(text: &Text, error: &toml::de::Error) -> Error {
    let span = error.span().unwrap_or(0..0);
    let message = error.message().lines().next().unwrap_or_default().to_owned();
    if !message.starts_with("unknown field") {
        return text.error(span, message).into();
    }
    let keys: Vec<&str> = expected(&message).collect();
    let key = message.split('`').nth(1).unwrap_or_default();
    let help =
        nearest(key, keys.iter().copied()).unwrap_or_else(|| format!("the keys are {}", keys.join(", ")));
    text.error(span.clone(), format!("`{key}` is not a key of {}", table_around(text, &span)))
        .with_label("unknown key")
        .with_help(help)
        .into()
}

/// The names after `expected` in serde's message: ``unknown field `a`, expected `b` or `c` ``.
pub(super) fn expected(message: &str) -> impl Iterator<Item = &str> {
    let (_, names) = message.split_once(", expected ").unwrap_or_default();
    names.split('`').skip(1).step_by(2)
}

/// How the table that holds the key at `place` is called, in the brackets of its header.
fn table_around(text: &Text, place: &Range<usize>) -> String {
    let root = DeTable::parse(text.content()).ok();
    let path = root.and_then(|root| path_to(root.get_ref(), place)).unwrap_or_default();
    let (name, is_one_of_many) = path.into_iter().fold((String::new(), false), |(name, _), (key, many)| {
        (if name.is_empty() { key } else { format!("{name}.{key}") }, many)
    });
    if is_one_of_many { format!("[[{name}]]") } else { format!("[{name}]") }
}

/// The keys of the tables around the key at `place`, and whether each is one of an array of tables.
fn path_to(table: &DeTable<'_>, place: &Range<usize>) -> Option<Vec<(String, bool)>> {
    table.iter().find_map(|(key, value)| {
        if key.span() == *place {
            return Some(Vec::new());
        }
        let (within, many) = match value.get_ref() {
            DeValue::Table(inner) => (path_to(inner, place), false),
            DeValue::Array(values) => (values.iter().find_map(|value| path_in(value, place)), true),
            _ => (None, false),
        };
        within.map(|rest| [(key.get_ref().to_string(), many)].into_iter().chain(rest).collect())
    })
}

fn path_in(value: &Spanned<DeValue<'_>>, place: &Range<usize>) -> Option<Vec<(String, bool)>> {
    match value.get_ref() {
        DeValue::Table(table) => path_to(table, place),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_told_with_the_table_that_holds_it() {
        let content = "[package]\nname = 'x'\n[package.metadata.kiln]\na = 1\nb = { c = 2 }\n[[package.metadata.kiln.d]]\nf = 3\n";
        let text = Text::new("Cargo.toml", content);
        for (key, table) in [
            ("a", "[package.metadata.kiln]"),
            ("c", "[package.metadata.kiln.b]"),
            ("f", "[[package.metadata.kiln.d]]"),
        ] {
            let at = content.find(&format!("{key} = ")).expect(key);
            assert_eq!(table_around(&text, &(at..at + 1)), table, "{key}");
        }
    }

    #[test]
    fn the_keys_are_those_that_serde_names() {
        for (message, keys) in [
            ("unknown field `x`, expected `a`", vec!["a"]),
            ("unknown field `x`, expected `a` or `b`", vec!["a", "b"]),
            ("unknown field `x`, expected one of `a`, `b`, `c`", vec!["a", "b", "c"]),
            ("unknown field `x`, there are no fields", vec![]),
        ] {
            assert_eq!(expected(message).collect::<Vec<_>>(), keys);
        }
    }
}
