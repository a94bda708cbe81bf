//! String literals of JavaScript.

/// A literal for `text`: a string of JSON is a literal of JavaScript, whatever it holds (ECMA-262 since its tenth
/// edition).
pub(super) fn literal(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
