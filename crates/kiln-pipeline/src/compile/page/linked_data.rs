//! JSON-LD, which crawlers read: strings that name files become absolute URLs.

use std::ops::Range;

use kiln_manifest::LogicalPath;

use crate::{
    compile::context::Context,
    reference::{Reference, ReferenceSite, UrlOrigin, output_of},
    text::{Edit, Text, json_strings},
};

/// Members whose value is a text, whatever it looks like (schema.org).
const TEXTS: [&str; 6] = ["@type", "alternateName", "caption", "description", "headline", "name"];

/// Edits that put tokens into linked data; warnings where the URL of the site is not known.
pub(super) fn edits(
    context: &Context<'_>,
    base: &LogicalPath,
    text: &Text,
    data: &Range<usize>,
) -> Vec<Edit> {
    let json = &text.content()[data.clone()];
    if serde_json::from_str::<serde_json::Value>(json).is_err() {
        return Vec::new();
    }
    let options = &context.config.options;
    let strings = json_strings(json)
        .into_iter()
        .filter(|(member, _)| !member.rsplit('/').any(|part| part != "*" && TEXTS.contains(&part)));
    let edits = strings.filter_map(|(_, place)| {
        let written: String = serde_json::from_str(&json[place.clone()]).ok()?;
        let (source, suffix) =
            context.tree.find(base, options.path_on_site(&written).unwrap_or(&written))?;
        let inner = data.start + place.start + 1..data.start + place.end - 1;
        if options.site.is_none() {
            let (line, column) = text.position(inner.start);
            context.warn([format!(
                "{}:{line}:{column}: `{written}` in JSON-LD is a relative URL, which crawlers do not resolve; add `site = \"https://…\"` to [package.metadata.kiln]",
                text.name()
            )]);
            return None;
        }
        let suffix = serde_json::Value::from(suffix).to_string().trim_matches('"').to_owned();
        let reference = Reference::url_at(UrlOrigin::Site, output_of(source), suffix);
        let site = ReferenceSite::Source(text.clone(), inner.clone());
        Some(Edit { place: inner, text: context.references.record(reference, site) })
    });
    edits.collect()
}
