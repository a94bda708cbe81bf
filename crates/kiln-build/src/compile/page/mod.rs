//! Pages: HTML whose references are marked for the link stage, with integrity metadata and module preloads
//! added. All else keeps its bytes: a page is scanned once, and edited at the places that the scan found.

mod scan;

use std::ops::Range;

use kiln_manifest::{LogicalPath, Mode};

use self::scan::{Place, Role, scan};
use super::{Compiled, Entry, Graph, Inline, Stage, media_type};
use crate::{
    Error, Result,
    discover::{Language, Source, read},
    error::Text,
    reference::{Origin, Reference},
    resolve::output_of,
};

/// A page as it was written, and where it refers to what.
#[derive(Debug)]
pub(super) struct Page<'a> {
    source: &'a Source,
    text: Text,
    places: Vec<Place>,
    inline: Vec<Inline>,
}

impl<'a> Page<'a> {
    /// Reads and scans a page.
    pub(super) fn read(stage: &Stage<'_>, source: &'a Source) -> Result<Self> {
        let unusable = |problem: String, mend: &str| Error::Tree {
            path: stage.config.name_of(&source.file).into(),
            problem,
            mend: mend.to_owned(),
        };
        let content = String::from_utf8(read(&source.file)?)
            .map_err(|error| unusable(error.to_string(), "save the page as UTF-8"))?;
        let text = Text::new(format!("assets/{}", source.path), content);
        let (places, inline) = scan(text.content()).map_err(|error| {
            unusable(error.to_string(), "close the element that makes the text after it ambiguous")
        })?;
        Ok(Self { source, text, places, inline })
    }

    /// The scripts and styles that the page asks for. Mistakes are told by [`Page::compile`], which looks
    /// at every reference.
    pub(super) fn entries<'s>(&self, stage: &Stage<'s>) -> Vec<Entry<'s>> {
        let found = self.places.iter().filter_map(|place| {
            let (source, _) = self.target(stage, place).ok()??;
            match (place.role, source.language) {
                (Role::ClassicScript, Language::Script) => Some(Entry::Classic(source)),
                _ => Some(Entry::Built(source)),
            }
        });
        found.collect()
    }

    /// Marks the references for the link stage.
    pub(super) fn compile(self, stage: &Stage<'_>, graph: &Graph) -> Result<Compiled> {
        let mut edits = Vec::new();
        let mut imports = Vec::new();
        let mut errors = Vec::new();
        for place in &self.places {
            match self.edit(stage, place, graph, &mut imports) {
                Ok(edit) => edits.extend(edit),
                Err(error) => errors.push(error),
            }
        }
        Error::all(errors)?;
        Ok(Compiled {
            path: self.source.path.clone(),
            exposure: self.source.exposure,
            media_type: media_type(&self.source.path),
            content: apply(self.text.content(), edits).into_bytes(),
            imports,
            inline: self.inline,
        })
    }

    fn target<'s>(&self, stage: &Stage<'s>, place: &Place) -> Result<Option<(&'s Source, String)>> {
        let written = &self.text.content()[place.url.clone()];
        let here = (&self.text, place.url.clone());
        stage.tree.resolve(&self.source.path, written, place.purpose, here)
    }

    fn edit(
        &self,
        stage: &Stage<'_>,
        place: &Place,
        graph: &Graph,
        imports: &mut Vec<LogicalPath>,
    ) -> Result<Vec<Edit>> {
        let Some((source, suffix)) = self.target(stage, place)? else { return Ok(Vec::new()) };
        let target = output_of(source);
        let origin = || Origin::Written(self.text.clone(), place.url.clone());
        let url = stage.references.record(Reference::url_with(target.clone(), suffix), origin());
        let mut edits = vec![Edit { place: place.url.clone(), text: url }];
        if place.role != Role::Other && stage.config.mode == Mode::Release {
            let integrity = stage.references.record(Reference::integrity(target.clone()), origin());
            let at = place.attributes..place.attributes;
            edits.push(Edit { place: at, text: format!(" integrity=\"{integrity}\"") });
        }
        if place.role == Role::Module {
            let needed = graph.needed_by(&target);
            let preloads: String = needed.iter().map(|script| preload(stage, script)).collect();
            edits.push(Edit { place: place.element..place.element, text: preloads });
            imports.extend(needed);
        }
        if matches!(place.role, Role::Module | Role::Style) {
            imports.push(target);
        }
        Ok(edits)
    }
}

/// A link that lets the browser fetch a static import together with the script that needs it.
fn preload(stage: &Stage<'_>, script: &LogicalPath) -> String {
    let record = |reference| stage.references.record(reference, Origin::Derived);
    let url = record(Reference::url(script.clone()));
    match stage.config.mode {
        Mode::Dev => format!("<link rel=\"modulepreload\" href=\"{url}\">"),
        Mode::Release => {
            let integrity = record(Reference::integrity(script.clone()));
            format!("<link rel=\"modulepreload\" href=\"{url}\" integrity=\"{integrity}\">")
        }
    }
}

/// Text that replaces a part of the page.
#[derive(Debug)]
struct Edit {
    place: Range<usize>,
    text: String,
}

fn apply(content: &str, mut edits: Vec<Edit>) -> String {
    edits.sort_by_key(|edit| edit.place.start);
    let mut output = String::with_capacity(content.len());
    let mut done = 0;
    for edit in edits {
        output.push_str(&content[done..edit.place.start]);
        output.push_str(&edit.text);
        done = edit.place.end;
    }
    output + &content[done..]
}
