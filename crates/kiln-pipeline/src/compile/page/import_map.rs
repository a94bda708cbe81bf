//! Import maps: specifiers of the modules in a page. A script that a map names is bundled, and the map then names the
//! bundle.

use std::ops::Range;

use serde_json::Value;

use kiln_manifest::LogicalPath;

use crate::{
    Error, Result,
    compile::context::Context,
    reference::{Purpose, Reference, ReferenceSite, output_of},
    text::{Edit, Text, json_strings},
};

/// Edits that put tokens into an import map.
pub(super) fn edits(
    context: &Context<'_>,
    base: &LogicalPath,
    text: &Text,
    map: &Range<usize>,
) -> Result<Vec<Edit>> {
    if let Err(error) = serde_json::from_str::<Value>(&text.content()[map.clone()]) {
        return Err(invalid(text, map, &error));
    }
    let edits = named(text, map).into_iter().map(|(place, written)| {
        let found = context.tree.resolve(base, &written, Purpose::Resource, (text, place.clone()))?;
        Ok(found.map(|(source, suffix)| {
            let reference = Reference::url_with(output_of(source), suffix);
            let site = ReferenceSite::Source(text.clone(), place.clone());
            Edit { place, text: context.references.record(reference, site) }
        }))
    });
    Ok(Error::collect(edits)?.into_iter().flatten().collect())
}

/// Scripts that a map names by path, with their places without quotes. Browsers ignore values of other kinds (HTML
/// §8.1.6.2), and a path that ends with a slash is a prefix.
pub(super) fn named(text: &Text, map: &Range<usize>) -> Vec<(Range<usize>, String)> {
    let json = &text.content()[map.clone()];
    if serde_json::from_str::<Value>(json).is_err() {
        return Vec::new();
    }
    let values = json_strings(json)
        .into_iter()
        .filter(|(member, _)| member.starts_with("imports/") || member.starts_with("scopes/"));
    let named = values.filter_map(|(_, place)| {
        let written: String = serde_json::from_str(&json[place.clone()]).ok()?;
        let is_path = written.starts_with("./") || written.starts_with("../") || written.starts_with('/');
        let is_file = is_path && !(written.starts_with('/') && written.ends_with('/'));
        is_file.then(|| (map.start + place.start + 1..map.start + place.end - 1, written))
    });
    named.collect()
}

fn invalid(text: &Text, map: &Range<usize>, error: &serde_json::Error) -> Error {
    let json = &text.content()[map.clone()];
    let line: usize = json.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    let at = (map.start + line + error.column().saturating_sub(1)).min(map.end.saturating_sub(1));
    text.error(text.word_at(at), format!("invalid import map: {error}"))
        .with_help("fix the JSON: browsers ignore an import map that does not parse")
        .into()
}
