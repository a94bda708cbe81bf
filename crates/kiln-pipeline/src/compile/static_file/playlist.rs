//! HTTP Live Streaming playlists: URIs of segments and of other playlists, as lines (RFC 8216 §4.1) and as attributes of
//! tags (§4.2). Relative to the playlist, so each has to be rewritten.

use std::ops::Range;

use crate::{
    Error, Result,
    compile::context::Context,
    reference::Purpose,
    source::Source,
    text::{Edit, apply},
};

/// The text with tokens; `None` for a playlist without references to own files.
pub(super) fn compile(context: &Context<'_>, source: &Source) -> Result<Option<String>> {
    let text = context.read_text(&source.file)?;
    let edits = Error::collect(uris(text.content()).map(|place| {
        let written = &text.content()[place.clone()];
        let token = context.token(&source.path, written, Purpose::Resource, (&text, place.clone()))?;
        Ok(token.map(|text| Edit { place, text }))
    }))?;
    let edits: Vec<_> = edits.into_iter().flatten().collect();
    Ok((!edits.is_empty()).then(|| apply(text.content(), &edits)))
}

/// The places of all URIs.
fn uris(content: &str) -> impl Iterator<Item = Range<usize>> {
    content
        .split_inclusive('\n')
        .scan(0, |next, line| {
            let start = *next;
            *next += line.len();
            let place = uri(line.trim_end());
            Some(place.map(|place| start + place.start..start + place.end))
        })
        .flatten()
}

/// The place of the URI in a line.
fn uri(line: &str) -> Option<Range<usize>> {
    const ATTRIBUTE: &str = "URI=\"";
    if line.is_empty() {
        None
    } else if !line.starts_with('#') {
        Some(0..line.len())
    } else if line.starts_with("#EXT") {
        let start = line.find(ATTRIBUTE)? + ATTRIBUTE.len();
        Some(start..start + line[start..].find('"')?)
    } else {
        None
    }
}
