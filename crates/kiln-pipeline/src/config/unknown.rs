//! Errors of serde in the table, at their places. An unknown key is reported with the nearest key of its table, in
//! nested tables as well.

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
    text.error(span.clone(), format!("unknown key `{key}` in {}", table_of(text, &span)))
        .with_label("not a key of this table")
        .with_help(help)
        .into()
}

/// Names after `expected` in serde's message: ``unknown field `a`, expected `b` or `c` ``.
pub(super) fn expected(message: &str) -> impl Iterator<Item = &str> {
    let (_, names) = message.split_once(", expected ").unwrap_or_default();
    names.split('`').skip(1).step_by(2)
}

/// The header of the table that holds the key at `place`, in brackets.
fn table_of(text: &Text, place: &Range<usize>) -> String {
    let root = DeTable::parse(text.content()).ok();
    let path = root.and_then(|root| path_to(root.get_ref(), place)).unwrap_or_default();
    let (name, is_in_array) =
        path.into_iter().fold((String::new(), false), |(name, _), (key, is_in_array)| {
            (if name.is_empty() { key } else { format!("{name}.{key}") }, is_in_array)
        });
    if is_in_array { format!("[[{name}]]") } else { format!("[{name}]") }
}

/// The path of tables that lead to the key at `place`, and whether each lies in an array of tables.
fn path_to(table: &DeTable<'_>, place: &Range<usize>) -> Option<Vec<(String, bool)>> {
    table.iter().find_map(|(key, value)| {
        if key.span() == *place {
            return Some(Vec::new());
        }
        let (within, is_in_array) = match value.get_ref() {
            DeValue::Table(inner) => (path_to(inner, place), false),
            DeValue::Array(values) => (values.iter().find_map(|value| path_in(value, place)), true),
            _ => (None, false),
        };
        within.map(|rest| [(key.get_ref().to_string(), is_in_array)].into_iter().chain(rest).collect())
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
    fn an_unknown_key_is_reported_with_the_table_that_holds_it() {
        let content = "[package]\nname = 'x'\n[package.metadata.kiln]\na = 1\nb = { c = 2 }\n[[package.metadata.kiln.d]]\nf = 3\n";
        let text = Text::new("Cargo.toml", content);
        for (key, table) in [
            ("a", "[package.metadata.kiln]"),
            ("c", "[package.metadata.kiln.b]"),
            ("f", "[[package.metadata.kiln.d]]"),
        ] {
            let at = content.find(&format!("{key} = ")).expect(key);
            assert_eq!(table_of(&text, &(at..at + 1)), table, "{key}");
        }
    }

    #[test]
    fn the_keys_are_read_from_the_message_of_serde() {
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
