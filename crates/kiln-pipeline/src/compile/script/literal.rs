//! String literals of JavaScript.

/// The literal of `text`: every JSON string is a JavaScript literal (ECMA-262 since its tenth edition).
pub(super) fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
