//! Import maps: which scripts the modules of a page mean by which name. A script that a map names is bundled, and the
//! map names what became of it.

use std::ops::Range;

use serde_json::Value;

use super::{Entry, InlineLanguage, Page};
use crate::{
    Error, Result,
    compile::{Stage, collect, web_manifest::strings},
    edit::Edit,
    reference::{Origin, Reference},
    resolve::{Purpose, output_of},
};

impl Page<'_> {
    /// The scripts that import maps name.
    pub(super) fn mapped<'s>(&self, stage: &Stage<'s>) -> Vec<Entry<'s>> {
        let maps = self.inline_in(InlineLanguage::ImportMap);
        let named = maps.flat_map(|map| self.named(&map)).filter_map(|(place, written)| {
            let here = (&self.text, place);
            let found = stage.tree.resolve(&self.source.path, &written, Purpose::Resource, here);
            found.ok()?.map(|(source, _)| Entry::Built(source))
        });
        named.collect()
    }

    pub(super) fn map_edits(&self, stage: &Stage<'_>, map: &Range<usize>) -> Result<Vec<Edit>> {
        if let Err(error) = serde_json::from_str::<Value>(&self.text.content()[map.clone()]) {
            return Err(self.no_map(map, &error));
        }
        let edits = self.named(map).into_iter().map(|(place, written)| {
            let here = (&self.text, place.clone());
            let found = stage.tree.resolve(&self.source.path, &written, Purpose::Resource, here)?;
            Ok(found.map(|(source, suffix)| {
                let reference = Reference::url_with(output_of(source), suffix);
                let origin = Origin::Written(self.text.clone(), place.clone());
                Edit { place, text: stage.references.record(reference, origin) }
            }))
        });
        Ok(collect(edits)?.into_iter().flatten().collect())
    }

    /// What a map names by path, with the places without quotes. A value of another kind means nothing to browsers
    /// (HTML §8.1.6.2), and one that ends with a slash stands for whatever is below it.
    fn named(&self, map: &Range<usize>) -> Vec<(Range<usize>, String)> {
        let json = &self.text.content()[map.clone()];
        if serde_json::from_str::<Value>(json).is_err() {
            return Vec::new();
        }
        let values = strings(json)
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

    fn no_map(&self, map: &Range<usize>, error: &serde_json::Error) -> Error {
        let json = &self.text.content()[map.clone()];
        let line: usize = json.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
        let at = (map.start + line + error.column().saturating_sub(1)).min(map.end.saturating_sub(1));
        self.text
            .error(self.text.word_at(at), format!("no import map, because no JSON: {error}"))
            .with_help(
                "mend it; browsers ignore a map that they cannot read, and no module finds what it imports",
            )
            .into()
    }
}
