//! Source maps of compiled CSS: from positions in what a tool read back to the sources, past the tokens that stood in
//! it. Each tool says which position became which.

use std::collections::BTreeMap;

use oxc_sourcemap::{SourceMap, Token};

use super::sheet::Sheet;
use crate::text::{Lines, Map, Position};

/// A text that a tool read.
#[derive(Clone, Copy, Debug)]
pub(in crate::compile) enum SourceText<'a> {
    /// A style sheet with tokens.
    Sheet(&'a Sheet),
    /// Text that another tool made, by its source map.
    Compiled(&'a Map),
    /// Text without a source.
    Unknown,
}

/// A position in compiled text, and the position in one of the texts that it comes from.
#[derive(Clone, Copy, Debug)]
pub(in crate::compile) struct Mapping {
    pub(in crate::compile) generated: Position,
    /// The number of the text.
    pub(in crate::compile) source: usize,
    pub(in crate::compile) original: Position,
}

/// The source map of compiled text.
pub(in crate::compile) fn map(texts: &[SourceText<'_>], mappings: impl IntoIterator<Item = Mapping>) -> Map {
    let mut sources = SourceList::default();
    let texts: Vec<Option<Original<'_>>> = texts.iter().map(|text| Original::of(*text)).collect();
    let mut tokens = Vec::new();
    for Mapping { generated, source, original } in mappings {
        let text = texts.get(source).and_then(Option::as_ref);
        let Some((source, place)) = text.and_then(|text| text.find(original, &mut sources)) else { continue };
        tokens.push(Token::new(generated.0, generated.1, place.0, place.1, Some(source), None));
    }
    // A tool may write parts of a text in another order than that of its list.
    let generated = |token: &Token| (token.get_dst_line(), token.get_dst_col());
    tokens.sort_by_key(generated);
    // A selector of several lines comes from where it begins.
    tokens.dedup_by_key(|token| generated(token));
    let SourceList { names, contents, .. } = sources;
    SourceMap::new(
        None,
        Vec::new(),
        None,
        names.into_iter().map(Into::into).collect(),
        contents.into_iter().map(|content| Some(content.into())).collect(),
        tokens.into_boxed_slice(),
        None,
    )
}

/// A text in which original positions are looked up.
enum Original<'a> {
    Sheet { sheet: &'a Sheet, compiled: Lines<'a>, written: Lines<'a>, made_from: Option<Lookup<'a>> },
    Compiled(Lookup<'a>),
}

impl<'a> Original<'a> {
    fn of(text: SourceText<'a>) -> Option<Self> {
        match text {
            SourceText::Unknown => None,
            SourceText::Compiled(map) => Some(Self::Compiled(Lookup::of(map))),
            SourceText::Sheet(sheet) => Some(Self::Sheet {
                sheet,
                compiled: Lines::of(sheet.css()),
                written: Lines::of(sheet.text.content()),
                made_from: sheet.made_from.as_ref().map(Lookup::of),
            }),
        }
    }

    fn find(&self, position: Position, sources: &mut SourceList) -> Option<(u32, Position)> {
        match self {
            Self::Compiled(map) => map.find(position, sources),
            Self::Sheet { sheet, compiled, written, made_from } => {
                let position = written.position(sheet.written_offset(compiled.offset(position)));
                match made_from {
                    None => Some((sources.id(sheet.text.name(), sheet.text.content()), position)),
                    Some(map) => map.find(position, sources),
                }
            }
        }
    }
}

/// A source map in which positions are looked up.
struct Lookup<'a> {
    map: &'a Map,
    lines: Vec<&'a [Token]>,
}

impl<'a> Lookup<'a> {
    fn of(map: &'a Map) -> Self {
        Self { map, lines: map.generate_lookup_table() }
    }

    fn find(&self, (line, column): Position, sources: &mut SourceList) -> Option<(u32, Position)> {
        let token = self.map.lookup_token_approx(&self.lines, line, column)?;
        let (name, content) = self.map.get_source_and_content(token.get_source_id()?)?;
        Some((sources.id(name, content), (token.get_src_line(), token.get_src_col())))
    }
}

/// The sources of a map, each once.
#[derive(Default)]
struct SourceList {
    by_name: BTreeMap<String, u32>,
    names: Vec<String>,
    contents: Vec<String>,
}

impl SourceList {
    fn id(&mut self, name: &str, content: &str) -> u32 {
        let name = portable(name);
        if let Some(id) = self.by_name.get(name) {
            return *id;
        }
        let id = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.by_name.insert(name.to_owned(), id);
        self.names.push(name.to_owned());
        self.contents.push(content.to_owned());
        id
    }
}

/// A name without the folders of this machine: packages may be linked from another place, and a sheet outside of the
/// package is named by its file alone.
fn portable(name: &str) -> &str {
    match name.rfind("node_modules/") {
        Some(start) => &name[start..],
        None if name.starts_with('/') || name.contains(':') => name.rsplit('/').next().unwrap_or(name),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_of_a_source_holds_a_folder_of_the_machine() {
        for (name, expected) in [
            ("assets/ui/a.css", "assets/ui/a.css"),
            ("/home/ann/node_modules/x/a.css", "node_modules/x/a.css"),
            ("/home/ann/shared/a.css", "a.css"),
            ("C:/shared/a.css", "a.css"),
        ] {
            assert_eq!(portable(name), expected);
        }
    }
}
