//! Types of the constants in the key `define`, for TypeScript.

use std::collections::{BTreeMap, BTreeSet};

use oxc::syntax::keyword::is_reserved_keyword;
use serde_json::Value;

use super::literal::literal;

/// Objects that the platform or Node.js declares, to which a declaration cannot add.
const DECLARED: [&str; 6] = ["document", "global", "globalThis", "process", "self", "window"];

/// Declarations of `constants`, a line each. A constant that is a property of an object with a declaration of its own,
/// such as `process.env.X`, has none.
pub(super) fn declarations(constants: &BTreeMap<String, Value>) -> String {
    constants.iter().filter_map(|(name, value)| declaration(constants, name, value)).collect()
}

fn declaration(constants: &BTreeMap<String, Value>, name: &str, value: &Value) -> Option<String> {
    let kind = kind(value);
    let Some((object, member)) = name.rsplit_once('.') else {
        return (!is_reserved_keyword(name)).then(|| format!("declare const {name}: {kind};\n"));
    };
    match object {
        "import.meta.env" => Some(format!("interface ImportMetaEnv {{ readonly {member}: {kind} }}\n")),
        "import.meta" => Some(format!("interface ImportMeta {{ readonly {member}: {kind} }}\n")),
        _ => {
            let first = object.split('.').next().unwrap_or(object);
            let mut outer = object.match_indices('.').map(|(end, _)| &object[..end]).chain([object]);
            let is_free = !DECLARED.contains(&first)
                && !name.split('.').any(is_reserved_keyword)
                && !outer.any(|outer| constants.contains_key(outer));
            is_free.then(|| format!("declare namespace {object} {{ const {member}: {kind} }}\n"))
        }
    }
}

/// The type of a value: that of all values of its kind, since another build may have another.
fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) => "boolean".to_owned(),
        Value::Number(_) => "number".to_owned(),
        Value::String(_) => "string".to_owned(),
        Value::Array(items) if items.is_empty() => "readonly never[]".to_owned(),
        Value::Array(items) => {
            let kinds: BTreeSet<String> = items.iter().map(kind).collect();
            format!("readonly ({})[]", kinds.into_iter().collect::<Vec<_>>().join(" | "))
        }
        Value::Object(members) => {
            let members =
                members.iter().map(|(name, value)| format!("readonly {}: {}", literal(name), kind(value)));
            format!("{{ {} }}", members.collect::<Vec<_>>().join("; "))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_constant_has_the_type_of_its_value() {
        let declared = |name: &str, value: Value| declarations(&BTreeMap::from([(name.to_owned(), value)]));
        for (name, value, expected) in [
            ("__VERSION__", json!("1.2"), "declare const __VERSION__: string;\n"),
            ("__N__", json!(3), "declare const __N__: number;\n"),
            ("__ON__", json!(true), "declare const __ON__: boolean;\n"),
            ("__LIST__", json!([1, "a", 2]), "declare const __LIST__: readonly (number | string)[];\n"),
            ("__NONE__", json!([]), "declare const __NONE__: readonly never[];\n"),
            (
                "__AT__",
                json!({ "a-b": [null], "c": {} }),
                "declare const __AT__: { readonly \"a-b\": readonly (null)[]; readonly \"c\": {  } };\n",
            ),
            ("app.at.version", json!("1"), "declare namespace app.at { const version: string }\n"),
            ("import.meta.env.SHA", json!("1"), "interface ImportMetaEnv { readonly SHA: string }\n"),
            ("import.meta.vitest", json!(false), "interface ImportMeta { readonly vitest: boolean }\n"),
            ("process.env.X", json!("1"), ""),
            ("class", json!("1"), ""),
            ("app.default", json!("1"), ""),
        ] {
            assert_eq!(declared(name, value), expected, "{name}");
        }
    }

    #[test]
    fn a_member_of_a_constant_is_declared_by_the_constant() {
        let constants = [("app", json!({ "version": "1" })), ("app.version", json!("1"))];
        let constants = constants.map(|(name, value)| (name.to_owned(), value)).into();
        assert_eq!(declarations(&constants), "declare const app: { readonly \"version\": string };\n");
    }
}
