//! Where the parts of compiled CSS were written: from places in what a tool was given back to the sources, past the
//! tokens that stood in it. Each tool says which place became which.

use std::collections::BTreeMap;

use kiln_manifest::Mode;
use oxc_sourcemap::{SourceMap, Token};

use super::Marked;
use crate::{compile::Stage, config::SourceMaps, lines::Lines, source_map::Map};

/// A line and a column, as [`Lines`] counts.
type Place = (u32, u32);

/// What a tool was given.
#[derive(Clone, Copy, Debug)]
pub(in crate::compile) enum Given<'a> {
    /// A style sheet with tokens.
    Sheet(&'a Marked),
    /// Text that another tool made.
    Made(&'a Map),
    /// Something from elsewhere.
    Unknown,
}

/// A place in compiled text, and the place in one of the given texts from which it comes.
#[derive(Clone, Copy, Debug)]
pub(in crate::compile) struct Step {
    pub(in crate::compile) compiled: Place,
    pub(in crate::compile) text: usize,
    pub(in crate::compile) given: Place,
}

/// Whether style sheets have source maps: while developing. A release is minified as Tailwind's command line does
/// it, in passes that no map survives.
pub(in crate::compile) fn is_wanted(stage: &Stage<'_>) -> bool {
    stage.config.mode == Mode::Dev && stage.config.source_maps() != SourceMaps::None
}

/// The source map of compiled text.
pub(in crate::compile) fn map(given: &[Given<'_>], steps: impl IntoIterator<Item = Step>) -> Map {
    let mut sources = Sources::default();
    let texts: Vec<Option<Way<'_>>> = given.iter().map(|text| Way::of(*text)).collect();
    let mut tokens = Vec::new();
    for Step { compiled, text, given } in steps {
        let way = texts.get(text).and_then(Option::as_ref);
        let Some((source, place)) = way.and_then(|way| way.back(given, &mut sources)) else { continue };
        tokens.push(Token::new(compiled.0, compiled.1, place.0, place.1, Some(source), None));
    }
    // A tool may write parts of a text in another order than that of its list.
    let compiled = |token: &Token| (token.get_dst_line(), token.get_dst_col());
    tokens.sort_by_key(compiled);
    // A selector of several lines comes from where it begins.
    tokens.dedup_by_key(|token| compiled(token));
    let Sources { names, contents, .. } = sources;
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

/// The way back from a given text.
enum Way<'a> {
    Sheet { sheet: &'a Marked, marked: Lines<'a>, written: Lines<'a>, made_from: Option<Table<'a>> },
    Made(Table<'a>),
}

impl<'a> Way<'a> {
    /// None when there is none.
    fn of(given: Given<'a>) -> Option<Self> {
        match given {
            Given::Unknown => None,
            Given::Made(map) => Some(Self::Made(Table::of(map))),
            Given::Sheet(sheet) => Some(Self::Sheet {
                sheet,
                marked: Lines::of(&sheet.css),
                written: Lines::of(sheet.text.content()),
                made_from: sheet.made_from.as_ref().map(Table::of),
            }),
        }
    }

    fn back(&self, place: Place, sources: &mut Sources) -> Option<(u32, Place)> {
        match self {
            Self::Made(table) => table.back(place, sources),
            Self::Sheet { sheet, marked, written, made_from } => {
                let place = written.place(sheet.written_at(marked.offset(place)));
                match made_from {
                    None => Some((sources.id(sheet.text.name(), sheet.text.content()), place)),
                    Some(table) => table.back(place, sources),
                }
            }
        }
    }
}

/// A map in which places are looked up.
struct Table<'a> {
    map: &'a Map,
    lines: Vec<&'a [Token]>,
}

impl<'a> Table<'a> {
    fn of(map: &'a Map) -> Self {
        Self { map, lines: map.generate_lookup_table() }
    }

    fn back(&self, (line, column): Place, sources: &mut Sources) -> Option<(u32, Place)> {
        let token = self.map.lookup_token_approx(&self.lines, line, column)?;
        let (name, content) = self.map.get_source_and_content(token.get_source_id()?)?;
        Some((sources.id(name, content), (token.get_src_line(), token.get_src_col())))
    }
}

#[derive(Default)]
struct Sources {
    by_name: BTreeMap<String, u32>,
    names: Vec<String>,
    contents: Vec<String>,
}

impl Sources {
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
