//! Pages: HTML whose references are marked for the link stage, with integrity metadata and module preloads
//! added. All else keeps its bytes: a page is scanned once, and edited at the places that the scan found.

mod attribute;
mod declarations;
mod document;
mod early;
mod import_map;
mod inline;
#[cfg(feature = "scripts")]
mod module;
mod scan;
mod style;
mod url_list;

use std::ops::Range;

use html_escape::{decode_html_entities, encode_quoted_attribute};
use kiln_manifest::{CorsSetting, Destination, LogicalPath, Mode};

use self::{
    attribute::Role,
    document::Document,
    inline::InlineLanguage,
    scan::{Found, Place, scan},
};
use super::{Compiled, Content, Early, Entry, Graph, Inline, Stage, both, collect, media_type, reload};
use crate::{
    Error, Result,
    discover::{Language, Source, read},
    edit::{Edit, apply, apply_within},
    error::Text,
    reference::{Origin, Reference},
    resolve::output_of,
};

/// A page as it was written, and where it refers to what.
#[derive(Debug)]
pub(super) struct Page<'a> {
    source: &'a Source,
    text: Text,
    found: Found,
    documents: Vec<Document<'a>>,
}

/// A page with tokens in it.
struct Marked {
    content: String,
    inline: Vec<Inline>,
    needs: Needs,
}

impl<'a> Page<'a> {
    /// Reads and scans a page.
    pub(super) fn read(stage: &Stage<'_>, source: &'a Source) -> Result<Self> {
        let content = String::from_utf8(read(&source.file)?).map_err(|error| Error::Tree {
            path: stage.config.name_of(&source.file).into(),
            problem: error.to_string(),
            mend: "save the page as UTF-8".to_owned(),
        })?;
        Self::of(stage, source, Text::new(format!("assets/{}", source.path), content))
    }

    /// Scans the text of a page, or that of one which stands in it.
    fn of(stage: &Stage<'_>, source: &'a Source, text: Text) -> Result<Self> {
        let found = scan(text.content()).map_err(|error| Error::Tree {
            path: text.name().into(),
            problem: error.to_string(),
            mend: "close the element that makes the text after it ambiguous".to_owned(),
        })?;
        stage.warn(found.handlers.iter().map(|handler| {
            let (line, column) = text.position(handler.start);
            format!(
                "{}:{line}:{column}: the policy of the page lets no attribute run a script; add the listener from a script",
                text.name()
            )
        }));
        let documents = found.documents.iter().map(|place| Document::read(stage, source, &text, place));
        let documents = collect(documents)?;
        Ok(Self { source, text, found, documents })
    }

    /// The scripts and styles that the page asks for. Mistakes are told by [`Page::compile`], which looks
    /// at every reference.
    pub(super) fn entries<'s>(&self, stage: &Stage<'s>) -> Vec<Entry<'s>> {
        let found = self.found.places.iter().filter_map(|place| {
            let (source, _) = self.target(stage, place).ok()??;
            match (place.role, source.language) {
                (Role::ClassicScript, Language::Script) if is_javascript(source) => {
                    Some(Entry::Classic(source))
                }
                (Role::Module, Language::Script) | (Role::Style, Language::Style) => {
                    Some(Entry::Built(source))
                }
                (Role::Manifest, Language::Opaque) => Some(Entry::Manifest(source)),
                _ => None,
            }
        });
        let nested = self.documents.iter().flat_map(|document| document.entries(stage));
        found.chain(self.imported(stage)).chain(self.mapped(stage)).chain(nested).collect()
    }

    fn inline_in(&self, language: InlineLanguage) -> impl Iterator<Item = Range<usize>> {
        let texts = self.found.inline.iter().filter(move |text| text.language == language);
        texts.map(|text| text.place.clone())
    }

    /// Marks the references for the link stage.
    pub(super) fn compile(self, stage: &Stage<'_>, graph: &Graph) -> Result<Compiled> {
        let Marked { content, inline, needs } = self.marked(stage, graph)?;
        Ok(Compiled {
            path: self.source.path.clone(),
            exposure: self.source.exposure,
            media_type: media_type(&self.source.path),
            inline,
            content: Content::Marked(content + &reload::element(stage)?),
            imports: needs.all,
            preloads: needs.early,
        })
    }

    fn marked(&self, stage: &Stage<'_>, graph: &Graph) -> Result<Marked> {
        let mut needs = Needs::default();
        let places = self.found.places.iter().map(|place| self.edit(stage, place, graph, &mut needs));
        let mut edits = self.module_errors(stage).map(|()| Vec::new());
        for more in [
            collect(places),
            collect(self.inline_in(InlineLanguage::Style).map(|style| self.style_edits(stage, &style))),
            collect(self.inline_in(InlineLanguage::ImportMap).map(|map| self.map_edits(stage, &map))),
        ] {
            edits =
                both(edits, more).map(|(edits, more)| [edits, more.into_iter().flatten().collect()].concat());
        }
        let declared = collect(self.found.declarations.iter().map(|one| self.declared(stage, one)));
        let documents = collect(self.documents.iter().map(|one| one.marked(stage, graph, &self.text)));
        let ((mut edits, declared), documents) = both(both(edits, declared), documents)?;
        let (nested, their_inline): (Vec<_>, Vec<_>) = documents.into_iter().unzip();
        edits.extend(nested.into_iter().flatten());
        let (attributes, policies): (Vec<_>, Vec<_>) = declared.into_iter().unzip();
        edits.extend(attributes.into_iter().flatten());
        edits.sort_by_key(|edit| edit.place.start);
        let content = self.text.content();
        let inline = self.found.inline.iter().filter_map(|text| {
            let written = apply_within(content, &edits, text.place.clone());
            match text.language {
                InlineLanguage::Script | InlineLanguage::Module | InlineLanguage::ImportMap => {
                    Some(Inline::Script(written))
                }
                InlineLanguage::Style => Some(Inline::Style(written)),
                InlineLanguage::Data => None,
            }
        });
        let inline =
            inline.chain(policies.into_iter().flatten()).chain(their_inline.into_iter().flatten()).collect();
        // Browsers that know one import map alone refuse it once a module has been asked for, which a header does
        // before they have seen the map.
        if self.inline_in(InlineLanguage::ImportMap).next().is_some() {
            needs.early.retain(|early| early.destination != Destination::Module);
        }
        Ok(Marked { content: apply(content, &edits), inline, needs })
    }

    fn target<'s>(&self, stage: &Stage<'s>, place: &Place) -> Result<Option<(&'s Source, String)>> {
        let written = decode_html_entities(&self.text.content()[place.url.clone()]);
        let here = (&self.text, place.url.clone());
        let found = stage.tree.resolve(&self.source.path, &written, place.purpose, here)?;
        Ok(found.map(|(source, suffix)| (source, encode_quoted_attribute(&suffix).into_owned())))
    }

    fn edit(&self, stage: &Stage<'_>, place: &Place, graph: &Graph, needs: &mut Needs) -> Result<Vec<Edit>> {
        if place.role == Role::Base {
            return Err(self.base(place));
        }
        let Some((source, suffix)) = self.target(stage, place)? else { return Ok(Vec::new()) };
        if place.role == Role::ClassicScript && source.language == Language::Script && !is_javascript(source)
        {
            return Err(self.not_javascript(place));
        }
        let target = output_of(source);
        let origin = || Origin::Written(self.text.clone(), place.url.clone());
        // What follows the path belongs to this element's URL, and to no asset's.
        let early = place.early.filter(|_| suffix.is_empty());
        let url = stage.references.record(Reference::url_with(target.clone(), suffix), origin());
        let mut edits = vec![Edit { place: place.url.clone(), text: url }];
        if let (Some(at), Mode::Release) = (place.integrity, stage.config.mode) {
            let integrity = stage.references.record(Reference::integrity(target.clone()), origin());
            edits.push(Edit { place: at..at, text: format!(" integrity=\"{integrity}\"") });
        }
        if let Some(at) = place.cross_origin {
            edits.push(Edit { place: at..at, text: " crossorigin".to_owned() });
        }
        if place.role == Role::Module {
            let scripts = graph.needed_by(&target).into_iter();
            let scripts = scripts.filter(|script| needs.add(script, Some(LINKED_SCRIPT)));
            let preloads: String = scripts.map(|script| preload(stage, &script)).collect();
            let styles = graph.styles_needed_by(&target).into_iter();
            let styles = styles.filter(|style| needs.add(style, Some(LINKED_STYLE)));
            let links: String = styles.map(|style| linked(stage, "stylesheet", &style)).collect();
            edits.push(Edit { place: place.element..place.element, text: links + &preloads });
        }
        if !matches!(place.role, Role::Other | Role::Manifest) {
            needs.add(&target, early);
        }
        Ok(edits)
    }

    #[cfg(feature = "scripts")]
    fn module_errors(&self, stage: &Stage<'_>) -> Result<()> {
        let has_import_map = self.inline_in(InlineLanguage::ImportMap).next().is_some();
        let modules = self.inline_in(InlineLanguage::Module);
        let checked =
            modules.map(|place| module::check(stage, self.source, &self.text, &place, has_import_map));
        collect(checked).map(drop)
    }

    /// Without the feature that reads scripts, nobody sees what they import.
    #[cfg(not(feature = "scripts"))]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self)]
    fn module_errors(&self, _: &Stage<'_>) -> Result<()> {
        Ok(())
    }

    fn base(&self, place: &Place) -> Error {
        self.text
            .error(place.url.clone(), "`<base>` would change what every other reference on this page means")
            .with_help("leave it out: references are written as paths between the files below assets/")
            .into()
    }

    fn not_javascript(&self, place: &Place) -> Error {
        let is_link = self.text.content()[place.element..].starts_with("<link");
        let help = if is_link {
            "write `rel=\"modulepreload\"`, and the script is bundled"
        } else {
            "add `type=\"module\"` to the element, and the script is bundled"
        };
        self.text
            .error(
                place.url.clone(),
                "a classic script is served as it is written, and browsers do not read this",
            )
            .with_help(help)
            .into()
    }
}

/// The scripts and styles of a page, each once, in load order.
#[derive(Debug, Default)]
struct Needs {
    all: Vec<LogicalPath>,
    /// Those that can be fetched before the page is read.
    early: Vec<Early>,
}

/// How the links that are added to a page ask for their targets.
const LINKED_SCRIPT: (Destination, CorsSetting) = (Destination::Module, CorsSetting::NoCors);
const LINKED_STYLE: (Destination, CorsSetting) = (Destination::Style, CorsSetting::NoCors);

impl Needs {
    /// Whether it was not there yet.
    fn add(&mut self, target: &LogicalPath, early: Option<(Destination, CorsSetting)>) -> bool {
        let is_new = !self.all.contains(target);
        if is_new {
            self.all.push(target.clone());
            let early = early.map(|(destination, cors)| Early { target: target.clone(), destination, cors });
            self.early.extend(early);
        }
        is_new
    }
}

fn is_javascript(source: &Source) -> bool {
    matches!(source.path.extension(), Some("js" | "mjs" | "cjs"))
}

/// A link that lets the browser fetch a static import together with the script that needs it.
fn preload(stage: &Stage<'_>, script: &LogicalPath) -> String {
    linked(stage, "modulepreload", script)
}

fn linked(stage: &Stage<'_>, relation: &str, target: &LogicalPath) -> String {
    let record = |reference| stage.references.record(reference, Origin::Derived);
    let url = record(Reference::url(target.clone()));
    match stage.config.mode {
        Mode::Dev => format!("<link rel=\"{relation}\" href=\"{url}\">"),
        Mode::Release => {
            let integrity = record(Reference::integrity(target.clone()));
            format!("<link rel=\"{relation}\" href=\"{url}\" integrity=\"{integrity}\">")
        }
    }
}
