//! Files that no language compiles: they are embedded as they are, but for the references in SVG images and web
//! manifests.

use kiln_manifest::Exposure;

use super::{Compiled, Content, Entries, Stage, collect, image, media_type};
#[cfg(feature = "pages")]
use super::{svg, web_manifest};
use crate::{
    Result,
    discover::{Language, Source},
    parallel,
    resolve::output_of,
    stored::Stored,
};

impl<'a> Stage<'a> {
    /// What is embedded as it is, classic scripts that a page refers to among it.
    pub(super) fn opaque(&self, entries: &Entries<'a>) -> Result<Vec<Compiled>> {
        let classic = entries.classic.iter().copied();
        let sources: Vec<&Source> = self.in_language(Language::Opaque).chain(classic).collect();
        collect(parallel::map(sources, |source| self.as_it_is(source, entries)).into_iter())
    }

    fn as_it_is(&self, source: &Source, entries: &Entries<'_>) -> Result<Compiled> {
        let (stored, head) = Stored::examine(&source.file)?;
        image::check(self, source, &head)?;
        let path = output_of(source);
        let marked = if self.keeps_its_bytes(source) { None } else { self.marked(source, entries)? };
        Ok(Compiled {
            media_type: media_type(&path),
            path,
            exposure: source.exposure,
            content: marked.map_or(Content::Stored(stored), Content::Marked),
            imports: Vec::new(),
            preloads: Vec::new(),
            inline: Vec::new(),
        })
    }
}

impl Stage<'_> {
    /// What is served as it is written, or not served, refers to nothing that the build names.
    fn keeps_its_bytes(&self, source: &Source) -> bool {
        source.exposure != Exposure::Hashed || self.config.options.hashed.is_match(source.path.as_str())
    }

    /// A file that is no page, with its references marked; none when it has none.
    #[cfg(feature = "pages")]
    fn marked(&self, source: &Source, entries: &Entries<'_>) -> Result<Option<String>> {
        match source.path.extension().map(str::to_ascii_lowercase).as_deref() {
            Some("svg") => svg::compile(self, source),
            Some("webmanifest") => web_manifest::compile(self, source),
            _ if entries.has_manifest(source) => web_manifest::compile(self, source),
            _ => Ok(None),
        }
    }

    #[cfg(not(feature = "pages"))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self)]
    fn marked(&self, _: &Source, _: &Entries<'_>) -> Result<Option<String>> {
        Ok(None)
    }
}
