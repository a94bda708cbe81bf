//! Source maps, which become outputs when everything has its name.
//!
//! The text of a script or style sheet changes when its references are written: a URL is not as long as its token. The map
//! is moved along with it. A map is named by the text that it describes, not by what it holds, because that
//! text names it; so it is never immutable.

use std::collections::BTreeSet;

use kiln_manifest::{Digest, Exposure, InlineHashes, LogicalPath};

use super::{
    linker::Linker,
    output::{Body, Linked},
    place::map_place,
};
use crate::{
    Error, Result,
    config::SourceMaps,
    text::{Map, apply, written},
};

impl Linker<'_> {
    /// `text` and the comment that names its map, when it has one that is served.
    pub(super) fn naming_its_map(&self, position: usize, text: String) -> String {
        let output = &self.outputs[position];
        if self.config.source_maps() != SourceMaps::Linked || !self.maps.contains(&output.path) {
            return text;
        }
        let (name, ..) = map_place(self.config, output, &Digest::of(text.as_bytes()));
        let line = if text.ends_with('\n') { "" } else { "\n" };
        match output.path.extension() {
            Some("css") => format!("{text}{line}/*# sourceMappingURL={name} */\n"),
            _ => format!("{text}{line}//# sourceMappingURL={name}\n"),
        }
    }

    /// The map of the output at `position`, which has its name, as has everything that it refers to.
    pub(super) fn map(&self, position: usize, marked: &str, map: Map) -> Result<Linked> {
        let output = &self.outputs[position];
        let edits = self.edits(marked);
        let digest = Digest::of(apply(marked, &edits).as_bytes());
        let (_, url, file) = map_place(self.config, output, &digest);
        let path = LogicalPath::new(format!("{}.map", output.path)).ok();
        let path = path.filter(|path| !self.index.contains_key(path)).ok_or_else(|| Error::Tree {
            path: format!("assets/{}.map", output.path).into(),
            problem: "has the name of the source map that the build makes".to_owned(),
            help: "rename the file, or set `source-maps = \"none\"` in [package.metadata.kiln]".to_owned(),
        })?;
        let json = written(map, marked, &edits).into_bytes();
        Ok(Linked {
            path,
            exposure: if url.is_some() { Exposure::Verbatim } else { Exposure::Private },
            url,
            file,
            media_type: "application/json; charset=utf-8".to_owned(),
            digest: Digest::of(&json),
            body: Body::Held(json),
            refers_to: BTreeSet::new(),
            imports: Vec::new(),
            preloads: Vec::new(),
            inline: InlineHashes::default(),
        })
    }
}
