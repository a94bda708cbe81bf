//! Pages: HTML whose references are marked for the link stage, with integrity metadata and module preloads
//! added. All else keeps its bytes: a page is scanned once, and edited at the places that the scan found.

use std::{cell::RefCell, ops::Range};

use kiln_manifest::{LogicalPath, Mode};
use lol_html::{
    RewriteStrSettings, element, errors::RewritingError, html_content::Element, rewrite_str, text,
};

use super::{Compiled, Entry, Graph, Inline, Stage, media_type};
use crate::{
    Error, Result,
    discover::{Language, Source, read},
    error::Text,
    reference::{Origin, Reference},
    resolve::{Purpose, output_of},
};

/// The attributes that refer to a file (HTML Living Standard, index of attributes; SVG 2 for `use` and
/// `image`), by element.
const ATTRIBUTES: [(&str, &str); 21] = [
    ("a", "href"),
    ("area", "href"),
    ("audio", "src"),
    ("embed", "src"),
    ("iframe", "src"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("img", "src"),
    ("img", "srcset"),
    ("input", "src"),
    ("link", "href"),
    ("link", "imagesrcset"),
    ("object", "data"),
    ("script", "src"),
    ("source", "src"),
    ("source", "srcset"),
    ("track", "src"),
    ("use", "href"),
    ("use", "xlink:href"),
    ("video", "poster"),
    ("video", "src"),
];

/// The link relations whose target the page itself needs; the rest are places to go to.
const RESOURCE_RELATIONS: [&str; 8] = [
    "apple-touch-icon",
    "icon",
    "manifest",
    "mask-icon",
    "modulepreload",
    "prefetch",
    "preload",
    "stylesheet",
];

/// A page as it was written, and where it refers to what.
#[derive(Debug)]
pub(super) struct Page<'a> {
    source: &'a Source,
    text: Text,
    places: Vec<Place>,
    inline: Vec<Inline>,
}

/// One reference in a page.
#[derive(Debug)]
struct Place {
    /// The bytes of the URL, without quotes.
    url: Range<usize>,
    /// Where the element begins.
    element: usize,
    /// Where another attribute can be put in.
    attributes: usize,
    role: Role,
    purpose: Purpose,
}

/// What a reference makes of its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Module,
    ClassicScript,
    Style,
    /// Has integrity metadata of its own, or takes none.
    Other,
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

fn scan(html: &str) -> Result<(Vec<Place>, Vec<Inline>), RewritingError> {
    let places = RefCell::new(Vec::new());
    let inline = RefCell::new(Vec::new());
    let settings = RewriteStrSettings::new()
        .append_element_content_handler(element!("*", |element| {
            places.borrow_mut().extend(places_of(html, element));
            Ok(())
        }))
        .append_element_content_handler(element!("script:not([src])", |_| {
            inline.borrow_mut().push(Inline::Script(String::new()));
            Ok(())
        }))
        .append_element_content_handler(element!("style", |_| {
            inline.borrow_mut().push(Inline::Style(String::new()));
            Ok(())
        }))
        .append_element_content_handler(text!("script:not([src]), style", |chunk| {
            if let Some(last) = inline.borrow_mut().last_mut() {
                last.push(chunk.as_str());
            }
            Ok(())
        }));
    rewrite_str(html, settings)?;
    Ok((places.into_inner(), inline.into_inner()))
}

fn places_of(html: &str, element: &Element<'_, '_>) -> Vec<Place> {
    let tag = element.tag_name();
    let start = element.source_location().bytes().start;
    let (role, purpose) = (role(element, &tag), purpose(element, &tag));
    let attributes = element
        .attributes()
        .iter()
        .filter(|attribute| ATTRIBUTES.iter().any(|(name, key)| *name == tag && *key == attribute.name()));
    attributes
        .filter_map(|attribute| Some((attribute.name(), attribute.value_source_location()?.bytes())))
        .flat_map(
            |(name, value)| if name.ends_with("srcset") { candidates(html, value) } else { vec![value] },
        )
        .map(|url| Place { url, element: start, attributes: start + 1 + tag.len(), role, purpose })
        .collect()
}

/// The URLs of a `srcset` (HTML §4.8.4.2.1): each is followed by a descriptor or a comma.
fn candidates(html: &str, value: Range<usize>) -> Vec<Range<usize>> {
    let mut urls = Vec::new();
    let mut at = value.start;
    while at < value.end {
        let rest = &html[at..value.end];
        let start = at + rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',').len();
        let length = html[start..value.end].find(char::is_whitespace).unwrap_or(value.end - start);
        let url = html[start..start + length].trim_end_matches(',');
        if !url.is_empty() {
            urls.push(start..start + url.len());
        }
        let after = &html[start + url.len()..value.end];
        at = value.end - after.len() + after.find(',').map_or(after.len(), |comma| comma + 1);
    }
    urls
}

fn role(element: &Element<'_, '_>, tag: &str) -> Role {
    let is = |name: &str, value: &str| {
        element
            .get_attribute(name)
            .is_some_and(|found| found.split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case(value)))
    };
    match tag {
        _ if element.has_attribute("integrity") => Role::Other,
        "script" if is("type", "module") => Role::Module,
        "script" => Role::ClassicScript,
        "link" if is("rel", "stylesheet") => Role::Style,
        _ => Role::Other,
    }
}

fn purpose(element: &Element<'_, '_>, tag: &str) -> Purpose {
    let relations = element.get_attribute("rel").unwrap_or_default().to_ascii_lowercase();
    let needs = || relations.split_ascii_whitespace().any(|word| RESOURCE_RELATIONS.contains(&word));
    match tag {
        "a" | "area" | "iframe" => Purpose::Navigation,
        "link" if !needs() => Purpose::Navigation,
        _ => Purpose::Resource,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_srcset_is_split_as_browsers_split_it() {
        let html = " a.png 1x,b.png 2x , c,d.png, e.png";
        let urls = candidates(html, 0..html.len());
        let found: Vec<&str> = urls.into_iter().map(|url| &html[url]).collect();
        assert_eq!(found, ["a.png", "b.png", "c,d.png", "e.png"]);
    }

    #[test]
    fn the_scan_finds_each_reference_once_and_all_inline_text() {
        let html = r#"<style>a{}</style><LINK rel="Stylesheet" href=a.css><script type=module src='b.ts'></script>
            <script>let x = "<p>";</script><img src="c.png" srcset="d.png 2x"><p href="no">"#;
        let (places, inline) = scan(html).expect("scan");
        let found: Vec<(&str, Role)> =
            places.iter().map(|place| (&html[place.url.clone()], place.role)).collect();
        let expected =
            [("a.css", Role::Style), ("b.ts", Role::Module), ("c.png", Role::Other), ("d.png", Role::Other)];
        assert_eq!(found, expected);
        assert_eq!(inline, [Inline::Style("a{}".into()), Inline::Script("let x = \"<p>\";".into())]);
    }
}
