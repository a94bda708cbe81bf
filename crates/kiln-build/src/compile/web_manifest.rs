//! Manifests of web applications (W3C Web Application Manifest): icons, screenshots, and where the application
//! starts. URLs in them are relative to the manifest, so that each has to be written anew when it moves.

use std::ops::Range;

use serde_json::Value;

use super::{Stage, collect};
use crate::{
    Error, Result,
    discover::{Source, read},
    edit::{Edit, apply},
    error::Text,
    resolve::Purpose,
};

/// The members that hold a URL. A place in an array is called `*`.
const MEMBERS: [(&str, Purpose); 9] = [
    ("file_handlers/*/action", Purpose::Navigation),
    ("file_handlers/*/icons/*/src", Purpose::Resource),
    ("icons/*/src", Purpose::Resource),
    ("scope", Purpose::Navigation),
    ("screenshots/*/src", Purpose::Resource),
    ("share_target/action", Purpose::Navigation),
    ("shortcuts/*/icons/*/src", Purpose::Resource),
    ("shortcuts/*/url", Purpose::Navigation),
    ("start_url", Purpose::Navigation),
];

/// The text with its references marked; none when it has none.
pub(super) fn compile(stage: &Stage<'_>, source: &Source) -> Result<Option<String>> {
    let name = stage.config.name_of(&source.file);
    let content = String::from_utf8(read(&source.file)?).map_err(|error| Error::Tree {
        path: name.clone().into(),
        problem: error.to_string(),
        mend: "save the manifest as UTF-8".to_owned(),
    })?;
    let text = Text::new(name, content);
    if let Err(error) = serde_json::from_str::<Value>(text.content()) {
        return Err(malformed(&text, &error));
    }
    let edits = collect(strings(text.content()).into_iter().map(|(member, place)| {
        let Some((_, purpose)) = MEMBERS.iter().find(|(name, _)| *name == member) else { return Ok(None) };
        let written: String = serde_json::from_str(&text.content()[place.clone()]).unwrap_or_default();
        let inner = place.start + 1..place.end - 1;
        let here = (&text, inner.clone());
        let token = stage.tree.token(&stage.references, &source.path, &written, *purpose, here)?;
        Ok(token.map(|token| Edit { place: inner, text: token }))
    }))?;
    let edits: Vec<_> = edits.into_iter().flatten().collect();
    Ok((!edits.is_empty()).then(|| apply(text.content(), &edits)))
}

fn malformed(text: &Text, error: &serde_json::Error) -> Error {
    let at = text.offset(error.line().saturating_sub(1), error.column().saturating_sub(1));
    text.error(text.word_at(at), format!("no manifest, because no JSON: {error}"))
        .with_help("mend it; browsers ignore a manifest that they cannot read")
        .into()
}

/// Every string that is a value, by its member, with its place, quotes included. The text is JSON.
pub(super) fn strings(json: &str) -> Vec<(String, Range<usize>)> {
    let mut found = Vec::new();
    // What encloses the place, and how the value there is called; in an object, none before a colon.
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

/// What follows the string that begins at `start`.
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
        let found: Vec<_> = strings(json).into_iter().map(|(member, place)| (member, &json[place])).collect();
        let expected =
            [("a", r#""b\"""#), ("c/*/d", "\"e\""), ("c/*/f/g", "\"h\""), ("c/*", "\"i\""), ("k", "\"l\"")];
        let found: Vec<(&str, &str)> =
            found.iter().map(|(member, value)| (member.as_str(), *value)).collect();
        assert_eq!(found, expected);
    }
}
