//! `[package.metadata.kiln.define]`: constants of scripts.

use std::collections::BTreeMap;

use serde_json::Value;
use toml::Spanned;

use crate::{Result, text::Text};

/// `define` in `Cargo.toml`: a name, or names with points between them, and the value.
pub(super) type DefineTable = BTreeMap<String, Spanned<Value>>;

/// The constants, with names that are expressions of a script.
///
/// # Errors
/// When a name is not made of identifiers with points between them.
pub(super) fn checked(text: &Text, table: DefineTable) -> Result<BTreeMap<String, Value>> {
    let checked = table.into_iter().map(|(name, value)| {
        if name.split('.').all(is_identifier) {
            return Ok((name, value.into_inner()));
        }
        let error = text.error(value.span(), format!("invalid name of a constant `{name}`"));
        Err(error
            .with_help("use letters, digits, `_` and `$`, with points between names: `__VERSION__`")
            .into())
    });
    checked.collect()
}

fn is_identifier(name: &str) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '$';
    !name.is_empty() && name.chars().all(is_part) && !name.starts_with(|first: char| first.is_ascii_digit())
}
