//! SVG images: references to other files in attributes and in CSS. All other bytes stay.

use std::ops::Range;

use html_escape::encode_quoted_attribute;
use roxmltree::{Attribute, Document, Node, ParsingOptions};

use crate::{
    Error, Result,
    compile::{
        context::Context,
        css::{Scan, rewrite},
    },
    reference::{Purpose, Reference, ReferenceSite, output_of},
    source::Source,
    text::{Edit, Text, apply},
};

const XLINK: &str = "http://www.w3.org/1999/xlink";
const SVG: &str = "http://www.w3.org/2000/svg";

/// The text with tokens; `None` for an image without references.
pub(super) fn compile(context: &Context<'_>, source: &Source) -> Result<Option<String>> {
    let text = context.read_text(&source.file)?;
    if text.content().trim().is_empty() {
        return Ok(None);
    }
    let image = Image { context, source, text };
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    let document = Document::parse_with_options(image.text.content(), options)
        .map_err(|error| image.malformed(&error))?;
    let edits = Error::collect(document.descendants().map(|node| image.edits(node)))?;
    let mut edits: Vec<Edit> = edits.into_iter().flatten().collect();
    edits.sort_by_key(|edit| edit.place.start);
    Ok((!edits.is_empty()).then(|| apply(image.text.content(), &edits)))
}

struct Image<'a> {
    context: &'a Context<'a>,
    source: &'a Source,
    text: Text,
}

impl Image<'_> {
    fn edits(&self, node: Node<'_, '_>) -> Result<Vec<Edit>> {
        if let Some(instruction) = node.pi().filter(|pi| pi.target == "xml-stylesheet") {
            return self.style_sheet(node.range(), instruction.value.unwrap_or_default());
        }
        let is_style = |element: Node<'_, '_>| is_svg(element) && element.tag_name().name() == "style";
        if node.is_text() && node.parent_element().is_some_and(is_style) {
            return self.css(node.range());
        }
        if node.is_element() && is_svg(node) {
            let edits = Error::collect(node.attributes().map(|attribute| self.attribute(node, attribute)))?;
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
        let found = self.context.tree.resolve(&self.source.path, written, purpose, here)?;
        Ok(found.map(|(target, suffix)| {
            let suffix = encode_quoted_attribute(&suffix).into_owned();
            let reference = Reference::url_with(output_of(target), suffix);
            let site = ReferenceSite::Source(self.text.clone(), place.clone());
            Edit { place, text: self.context.references.record(reference, site) }
        }))
    }

    /// Edits of CSS at `place`.
    fn css(&self, place: Range<usize>) -> Result<Vec<Edit>> {
        let scan = Scan::of(&self.text.content()[place.clone()]);
        rewrite(self.context, &self.source.path, (&self.text, &place), &scan)
    }

    /// Edits of `<?xml-stylesheet href="app.css"?>` (Associating Style Sheets with XML documents §2).
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
        let place = self.text.word_at_position(at.row as usize, at.col as usize);
        self.text
            .error(place, format!("invalid SVG: {error}"))
            .with_help("fix the markup, or export the image again")
            .into()
    }
}

fn is_svg(node: Node<'_, '_>) -> bool {
    node.tag_name().namespace().is_none_or(|namespace| namespace == SVG)
}
