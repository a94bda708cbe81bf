//! SVG images: references to other files, in attributes and in CSS. All else keeps its bytes.

use std::ops::Range;

use html_escape::encode_quoted_attribute;
use roxmltree::{Attribute, Document, Node, ParsingOptions};

use super::{Stage, collect, css::Scan};
use crate::{
    Error, Result,
    discover::{Source, read},
    edit::{Edit, apply},
    error::Text,
    reference::{Origin, Reference},
    resolve::{Purpose, output_of},
};

const XLINK: &str = "http://www.w3.org/1999/xlink";
const SVG: &str = "http://www.w3.org/2000/svg";

/// The text with its references marked; none when it has none.
pub(super) fn compile(stage: &Stage<'_>, source: &Source) -> Result<Option<String>> {
    let name = stage.config.name_of(&source.file);
    let content = String::from_utf8(read(&source.file)?).map_err(|error| Error::Tree {
        path: name.clone().into(),
        problem: error.to_string(),
        mend: "save the image as UTF-8".to_owned(),
    })?;
    if content.trim().is_empty() {
        return Ok(None);
    }
    let image = Image { stage, source, text: Text::new(name, content) };
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(image.text.content(), options)
        .map_err(|error| image.malformed(&error))?;
    let edits = collect(document.descendants().map(|node| image.edits(node)))?;
    let mut edits: Vec<Edit> = edits.into_iter().flatten().collect();
    edits.sort_by_key(|edit| edit.place.start);
    Ok((!edits.is_empty()).then(|| apply(image.text.content(), &edits)))
}

struct Image<'a> {
    stage: &'a Stage<'a>,
    source: &'a Source,
    text: Text,
}

impl Image<'_> {
    fn edits(&self, node: Node<'_, '_>) -> Result<Vec<Edit>> {
        if let Some(instruction) = node.pi().filter(|pi| pi.target == "xml-stylesheet") {
            return self.style_sheet(node.range(), instruction.value.unwrap_or_default());
        }
        let is_css = node.is_text() && node.parent_element().is_some_and(|parent| is_svg(parent, "style"));
        if is_css {
            return self.css(node.range());
        }
        if node.is_element() && node.tag_name().namespace().is_none_or(|namespace| namespace == SVG) {
            let edits = collect(node.attributes().map(|attribute| self.attribute(node, attribute)))?;
            return Ok(edits.into_iter().flatten().collect());
        }
        Ok(Vec::new())
    }

    fn attribute(&self, node: Node<'_, '_>, attribute: Attribute<'_, '_>) -> Result<Vec<Edit>> {
        let place = attribute.range_value();
        match (attribute.namespace(), attribute.name()) {
            (None | Some(XLINK), "href") => {
                let is_link = node.tag_name().name() == "a";
                let purpose = if is_link { Purpose::Navigation } else { Purpose::Resource };
                Ok(self.reference(place, attribute.value(), purpose)?.into_iter().collect())
            }
            (None, _) if attribute.value().contains('(') => self.css(place),
            _ => Ok(Vec::new()),
        }
    }

    fn reference(&self, place: Range<usize>, written: &str, purpose: Purpose) -> Result<Option<Edit>> {
        let here = (&self.text, place.clone());
        let found = self.stage.tree.resolve(&self.source.path, written, purpose, here)?;
        Ok(found.map(|(target, suffix)| {
            let suffix = encode_quoted_attribute(&suffix).into_owned();
            let reference = Reference::url_with(output_of(target), suffix);
            let origin = Origin::Written(self.text.clone(), place.clone());
            Edit { place, text: self.stage.references.record(reference, origin) }
        }))
    }

    /// CSS as it stands in the file, so that places are those of the file.
    fn css(&self, place: Range<usize>) -> Result<Vec<Edit>> {
        let within = |range: &Range<usize>| place.start + range.start..place.start + range.end;
        let scan = Scan::of(&self.text.content()[place.clone()]);
        let token = |written: &str, value: &Range<usize>| {
            let here = (&self.text, within(value));
            let references = &self.stage.references;
            self.stage.tree.token(references, &self.source.path, written, Purpose::Resource, here)
        };
        let urls = scan.urls.iter().map(|url| {
            let token = token(&url.written, &url.value)?;
            Ok(token.map(|token| Edit { place: within(&url.whole), text: url.form.write(&token) }))
        });
        let imports = scan.imports.iter().map(|(value, written)| {
            Ok(token(written, value)?.map(|token| Edit { place: within(value), text: token }))
        });
        Ok(collect(urls.chain(imports))?.into_iter().flatten().collect())
    }

    /// `<?xml-stylesheet href="app.css"?>` (Associating Style Sheets with XML documents §2).
    fn style_sheet(&self, instruction: Range<usize>, value: &str) -> Result<Vec<Edit>> {
        let Some((_, rest)) = value.split_once("href=") else { return Ok(Vec::new()) };
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''));
        let written = quote.and_then(|quote| rest[1..].split(quote).next()).unwrap_or_default();
        let whole = &self.text.content()[instruction.clone()];
        let Some(at) = whole.find(written).filter(|_| !written.is_empty()) else { return Ok(Vec::new()) };
        let start = instruction.start + at;
        let edit = self.reference(start..start + written.len(), written, Purpose::Resource)?;
        Ok(edit.into_iter().collect())
    }

    fn malformed(&self, error: &roxmltree::Error) -> Error {
        let at = error.pos();
        let at = self.text.offset(at.row.saturating_sub(1) as usize, at.col.saturating_sub(1) as usize);
        self.text
            .error(self.text.word_at(at), format!("no image, because no XML: {error}"))
            .with_help("mend or export it again; no browser shows it as it is")
            .into()
    }
}

fn is_svg(node: Node<'_, '_>, name: &str) -> bool {
    node.tag_name().name() == name && node.tag_name().namespace().is_none_or(|namespace| namespace == SVG)
}
