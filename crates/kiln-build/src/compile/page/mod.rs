//! Pages: HTML whose references are marked for the link stage, with integrity metadata and module preloads
//! added. All else keeps its bytes: a page is scanned once, and edited at the places that the scan found.

mod scan;

use std::ops::Range;

use html_escape::{decode_html_entities, encode_double_quoted_attribute};
use kiln_manifest::{LogicalPath, Mode};

use self::scan::{InlineLanguage, InlineText, Place, Role, scan};
use super::{Compiled, Content, Entry, Graph, Inline, Stage, collect, css::Scan, media_type, reload};
use crate::{
    Error, Result,
    discover::{Language, Source, read},
    error::Text,
    reference::{Origin, Reference},
    resolve::{Purpose, output_of},
};

/// A page as it was written, and where it refers to what.
#[derive(Debug)]
pub(super) struct Page<'a> {
    source: &'a Source,
    text: Text,
    places: Vec<Place>,
    inline: Vec<InlineText>,
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
                (Role::ClassicScript, Language::Script) if is_javascript(source) => {
                    Some(Entry::Classic(source))
                }
                (Role::Module, Language::Script) | (Role::Style, Language::Style) => {
                    Some(Entry::Built(source))
                }
                _ => None,
            }
        });
        found.collect()
    }

    /// Marks the references for the link stage.
    pub(super) fn compile(self, stage: &Stage<'_>, graph: &Graph) -> Result<Compiled> {
        let mut needs = Needs::default();
        let marked = self.places.iter().map(|place| self.edit(stage, place, graph, &mut needs));
        let mut edits: Vec<Edit> = collect(marked)?.into_iter().flatten().collect();
        let styles = self.inline.iter().filter(|text| text.language == InlineLanguage::Style);
        edits.extend(
            collect(styles.map(|style| self.style_edits(stage, &style.place)))?.into_iter().flatten(),
        );
        edits.sort_by_key(|edit| edit.place.start);
        let content = self.text.content();
        let inline = self.inline.iter().map(|text| {
            let written = apply(content, &edits, text.place.clone());
            match text.language {
                InlineLanguage::Script => Inline::Script(written),
                InlineLanguage::Style => Inline::Style(written),
            }
        });
        Ok(Compiled {
            path: self.source.path.clone(),
            exposure: self.source.exposure,
            media_type: media_type(&self.source.path),
            inline: inline.collect(),
            content: Content::Marked(apply(content, &edits, 0..content.len()) + &reload::element(stage)?),
            imports: needs.0,
        })
    }

    fn target<'s>(&self, stage: &Stage<'s>, place: &Place) -> Result<Option<(&'s Source, String)>> {
        let written = decode_html_entities(&self.text.content()[place.url.clone()]);
        let here = (&self.text, place.url.clone());
        let found = stage.tree.resolve(&self.source.path, &written, place.purpose, here)?;
        Ok(found.map(|(source, suffix)| (source, encode_double_quoted_attribute(&suffix).into_owned())))
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
        let url = stage.references.record(Reference::url_with(target.clone(), suffix), origin());
        let mut edits = vec![Edit { place: place.url.clone(), text: url }];
        if let (Some(at), Mode::Release) = (place.integrity, stage.config.mode) {
            let integrity = stage.references.record(Reference::integrity(target.clone()), origin());
            edits.push(Edit { place: at..at, text: format!(" integrity=\"{integrity}\"") });
        }
        if place.role == Role::Module {
            let needed = graph.needed_by(&target).into_iter().filter(|script| needs.add(script));
            let preloads: String = needed.map(|script| preload(stage, &script)).collect();
            let styles = graph.styles_needed_by(&target).into_iter().filter(|style| needs.add(style));
            let links: String = styles.map(|style| linked(stage, "stylesheet", &style)).collect();
            edits.push(Edit { place: place.element..place.element, text: links + &preloads });
        }
        if place.role != Role::Other {
            needs.add(&target);
        }
        Ok(edits)
    }

    fn style_edits(&self, stage: &Stage<'_>, style: &Range<usize>) -> Result<Vec<Edit>> {
        let within = |range: &Range<usize>| style.start + range.start..style.start + range.end;
        let urls = Scan::of(&self.text.content()[style.clone()]).urls;
        let edits = collect(urls.iter().map(|url| {
            let here = (&self.text, within(&url.value));
            let base = &self.source.path;
            let token = stage.tree.token(&stage.references, base, &url.written, Purpose::Resource, here)?;
            Ok(token.map(|token| Edit { place: within(&url.whole), text: url.form.write(&token) }))
        }))?;
        Ok(edits.into_iter().flatten().collect())
    }

    fn base(&self, place: &Place) -> Error {
        self.text
            .error(place.url.clone(), "`<base>` would change what every other reference on this page means")
            .with_help("leave it out: references are written as paths between the files below assets/")
            .into()
    }

    fn not_javascript(&self, place: &Place) -> Error {
        self.text
            .error(
                place.url.clone(),
                "a classic script is served as it is written, and browsers do not read this",
            )
            .with_help("add `type=\"module\"` to the element, and the script is bundled")
            .into()
    }
}

/// The scripts and styles of a page, each once, in load order.
#[derive(Debug, Default)]
struct Needs(Vec<LogicalPath>);

impl Needs {
    /// Whether it was not there yet.
    fn add(&mut self, path: &LogicalPath) -> bool {
        let is_new = !self.0.contains(path);
        if is_new {
            self.0.push(path.clone());
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

/// Text that replaces a part of the page.
#[derive(Debug)]
struct Edit {
    place: Range<usize>,
    text: String,
}

/// The part `range` of `content`, with the edits that lie in it, which are sorted.
fn apply(content: &str, edits: &[Edit], range: Range<usize>) -> String {
    let mut output = String::with_capacity(range.len());
    let mut done = range.start;
    for edit in edits.iter().filter(|edit| range.start <= edit.place.start && edit.place.end <= range.end) {
        output.push_str(&content[done..edit.place.start]);
        output.push_str(&edit.text);
        done = edit.place.end;
    }
    output + &content[done..range.end]
}
