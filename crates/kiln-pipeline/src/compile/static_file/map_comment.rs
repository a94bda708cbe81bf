//! Comments for source maps in scripts that are served unchanged. Scripts that are bundled and style sheets that are
//! compiled lose them.

use kiln_manifest::Exposure;

use crate::{
    compile::{context::Context, map_comment::MapComment},
    reference::{Purpose, Reference, ReferenceSite, output_of},
    source::Source,
    text::{Edit, Text, apply},
};

/// The script with the URL of its source map; without the comment when the map is not found. `None` for a script that
/// keeps its bytes.
pub(super) fn compile(context: &Context<'_>, source: &Source) -> Option<String> {
    let script = std::fs::read_to_string(&source.file).ok()?;
    let comment = MapComment::of(&script)?;
    let text = Text::new(context.config.name_of(&source.file), script);
    let MapComment { whole, url } = comment.clone();
    let written = text.content()[url.clone()].to_owned();
    let edit = match context.tree.resolve(&source.path, &written, Purpose::Resource, (&text, url.clone())) {
        Ok(None) => return None,
        Ok(Some((map, _))) if map.exposure == Exposure::Private => Edit { place: whole, text: String::new() },
        Ok(Some((map, suffix))) => {
            let reference = Reference::url_with(output_of(map), suffix);
            let site = ReferenceSite::Source(text.clone(), url.clone());
            Edit { place: url, text: context.references.record(reference, site) }
        }
        Err(_) => {
            context.warn([comment.lost(&text)]);
            Edit { place: whole, text: String::new() }
        }
    };
    Some(apply(text.content(), &[edit]))
}
