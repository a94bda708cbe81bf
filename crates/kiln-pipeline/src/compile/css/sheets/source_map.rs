//! Source maps of compiled CSS. A tool reports mappings to its input, in which tokens stand; these are mapped on to the
//! sources.

use std::collections::BTreeMap;

use oxc_sourcemap::{SourceMap, Token};

use super::sheet::Sheet;
use crate::text::{Lines, Map, Position, short};

/// An input of a tool.
#[derive(Clone, Copy, Debug)]
pub(in crate::compile) enum SourceText<'a> {
    /// A style sheet with tokens.
    Sheet(&'a Sheet),
    /// The output of another tool, by its source map.
    Compiled(&'a Map),
    /// A text without a source.
    Unknown,
}

/// A position in the output of a tool, and the position in one of its inputs.
#[derive(Clone, Copy, Debug)]
pub(in crate::compile) struct Mapping {
    pub(in crate::compile) generated: Position,
    /// The index of the input.
    pub(in crate::compile) source: usize,
    pub(in crate::compile) original: Position,
}

/// The source map of a tool's output.
pub(in crate::compile) fn map(texts: &[SourceText<'_>], mappings: impl IntoIterator<Item = Mapping>) -> Map {
    let mut sources = SourceList::default();
    let texts: Vec<Option<Original<'_>>> = texts.iter().map(|text| Original::of(*text)).collect();
    let mut tokens = Vec::new();
    for Mapping { generated, source, original } in mappings {
        let text = texts.get(source).and_then(Option::as_ref);
        let Some((source, place)) = text.and_then(|text| text.find(original, &mut sources)) else { continue };
        tokens.push(Token::new(generated.0, generated.1, place.0, place.1, Some(source), None));
    }
    // Mappings may come in another order than the output's.
    let generated = |token: &Token| (token.get_dst_line(), token.get_dst_col());
    tokens.sort_by_key(generated);
    // Of several mappings of one position, as for a selector of several lines, the first counts.
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
    Sheet { sheet: &'a Sheet, with_tokens: Lines<'a>, written: Lines<'a>, sass_map: Option<Lookup<'a>> },
    Compiled(Lookup<'a>),
}

impl<'a> Original<'a> {
    fn of(text: SourceText<'a>) -> Option<Self> {
        match text {
            SourceText::Unknown => None,
            SourceText::Compiled(map) => Some(Self::Compiled(Lookup::of(map))),
            SourceText::Sheet(sheet) => Some(Self::Sheet {
                sheet,
                with_tokens: Lines::of(sheet.css()),
                written: Lines::of(sheet.text.content()),
                sass_map: sheet.sass_map.as_ref().map(Lookup::of),
            }),
        }
    }

    fn find(&self, position: Position, sources: &mut SourceList) -> Option<(u32, Position)> {
        match self {
            Self::Compiled(map) => map.find(position, sources),
            Self::Sheet { sheet, with_tokens, written, sass_map } => {
                let position = written.position(sheet.written_offset(with_tokens.offset(position)));
                match sass_map {
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
        let id = short(self.names.len());
        self.by_name.insert(name.to_owned(), id);
        self.names.push(name.to_owned());
        self.contents.push(content.to_owned());
        id
    }
}

/// A name without folders of this machine: a linked package is named from `node_modules/` on, and a sheet outside of the
/// package by its file name alone.
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
    fn names_of_sources_hold_no_folder_of_the_machine() {
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
