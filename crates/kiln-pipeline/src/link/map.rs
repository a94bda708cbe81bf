//! Source maps, which become outputs once all other outputs have their names.
//!
//! Resolved references shift the text of a script or style sheet: a URL is not as long as its token. Mappings are
//! shifted with the text. A map is named by the digest of the text that it describes, not of its own bytes, because that
//! text contains the name; so a map is never immutable.

use std::collections::BTreeSet;

use kiln_manifest::{Digest, Exposure, LogicalPath, Policy};

use super::{
    linker::Linker,
    output::{Body, Linked},
    place::map_place,
};
use crate::{
    Error, Result,
    text::{Map, apply, written},
};

impl Linker<'_> {
    /// The source map of the output at `position`, as an output. `compiled` is the text with tokens; all its references
    /// have their names.
    pub(super) fn map(&self, position: usize, compiled: &str, map: Map) -> Result<Linked> {
        let output = &self.outputs[position];
        let edits = self.edits(position, compiled);
        let digest = Digest::of(apply(compiled, &edits).as_bytes());
        let (url, file) = map_place(self.config, output, &digest);
        let path = LogicalPath::new(format!("{}.map", output.path)).ok();
        let path = path.filter(|path| !self.index.contains_key(path)).ok_or_else(|| Error::Tree {
            path: format!("assets/{}.map", output.path).into(),
            problem: "duplicate output name: a generated source map has the same".to_owned(),
            help: "rename the file, or set `source-maps = \"none\"` in [package.metadata.kiln]".to_owned(),
        })?;
        let json = written(map, compiled, &edits).into_bytes();
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
            policy: Policy::default(),
        })
    }
}
