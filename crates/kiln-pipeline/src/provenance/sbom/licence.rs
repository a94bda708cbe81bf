//! Licences of packages, in the form of CycloneDX.

use serde::Serialize;

/// An SPDX expression, or else a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase", untagged)]
pub(super) enum Licence {
    Expression { expression: String },
    Named { license: LicenceName },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct LicenceName {
    name: String,
}

/// The licence field of `Cargo.toml` or `package.json`. Older versions of cargo accepted a slash for `OR`.
pub(super) fn licences(field: &str) -> Vec<Licence> {
    let field = field.trim();
    if field.is_empty() {
        return Vec::new();
    }
    let expression = field.replace('/', " OR ").split_whitespace().collect::<Vec<_>>().join(" ");
    vec![if is_expression(&expression) {
        Licence::Expression { expression }
    } else {
        Licence::Named { license: LicenceName { name: field.to_owned() } }
    }]
}

/// Whether identifiers and operators alternate. Identifiers are not checked against the list of SPDX.
fn is_expression(text: &str) -> bool {
    let spaced = text.replace(['(', ')'], " ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let is_operator = |word: &str| matches!(word, "AND" | "OR" | "WITH");
    let is_identifier =
        |word: &str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-+:".contains(&byte));
    words.len() % 2 == 1
        && words.iter().enumerate().all(|(index, word)| match index % 2 {
            0 => is_identifier(word) && !is_operator(word),
            _ => is_operator(word),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_is_an_expression_or_else_a_name() {
        for (field, expected) in [
            ("MIT", Some("MIT")),
            ("MIT/Apache-2.0", Some("MIT OR Apache-2.0")),
            ("MIT / Apache-2.0", Some("MIT OR Apache-2.0")),
            ("(MIT OR Apache-2.0) AND Unicode-3.0", Some("(MIT OR Apache-2.0) AND Unicode-3.0")),
            ("Apache-2.0 WITH LLVM-exception", Some("Apache-2.0 WITH LLVM-exception")),
            ("SEE LICENSE IN LICENSE.md", None),
            ("MIT Apache-2.0", None),
            ("MIT OR", None),
        ] {
            let expected = match expected {
                Some(expression) => Licence::Expression { expression: expression.to_owned() },
                None => Licence::Named { license: LicenceName { name: field.to_owned() } },
            };
            assert_eq!(licences(field), [expected], "{field}");
        }
        assert_eq!(licences(" "), []);
    }
}
