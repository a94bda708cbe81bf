//! Strings of JSON, with their places.

use std::ops::Range;

/// Every string value of valid JSON, by the path of its member, with its place, quotes included. Elements of an array
/// have the path segment `*`.
pub(crate) fn json_strings(json: &str) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    // Path segments of the enclosing values; `None` in an object before a colon.
    let mut path: Vec<Option<String>> = Vec::new();
    let mut is_object: Vec<bool> = Vec::new();
    let mut at = 0;
    while let Some(byte) = json.as_bytes().get(at) {
        let start = at;
        at += 1;
        match byte {
            b'{' | b'[' => {
                is_object.push(*byte == b'{');
                path.push((*byte == b'[').then(|| "*".to_owned()));
            }
            b'}' | b']' => {
                is_object.pop();
                path.pop();
            }
            b',' if is_object.last() == Some(&true) => {
                path.pop();
                path.push(None);
            }
            b'"' => {
                at = end_of_string(json, start);
                let is_key = path.last().is_some_and(Option::is_none);
                if is_key {
                    path.pop();
                    path.push(Some(json[start + 1..at - 1].to_owned()));
                } else {
                    let member: Vec<&str> = path.iter().flatten().map(String::as_str).collect();
                    found.push((member.join("/"), start..at));
                }
            }
            _ => {}
        }
    }
    found
}

/// The end of the string that begins at `start`.
fn end_of_string(json: &str, start: usize) -> usize {
    let mut bytes = json.bytes().enumerate().skip(start + 1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    json.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_members() {
        let json = r#"{"a": "b\"", "c": [{"d": "e", "f": {"g": "h"}}, "i"], "j": 1, "k": "l"}"#;
        let found: Vec<_> =
            json_strings(json).into_iter().map(|(member, place)| (member, &json[place])).collect();
        let expected =
            [("a", r#""b\"""#), ("c/*/d", "\"e\""), ("c/*/f/g", "\"h\""), ("c/*", "\"i\""), ("k", "\"l\"")];
        let found: Vec<(&str, &str)> =
            found.iter().map(|(member, value)| (member.as_str(), *value)).collect();
        assert_eq!(found, expected);
    }
}
