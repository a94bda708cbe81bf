//! Source maps of text that is edited after it was mapped: a URL is not as long as the token that it replaces.

use std::ops::Range;

use oxc_sourcemap::{SourceMap, Token};

use super::{
    edit::Edit,
    position::{short, utf16_length},
};

pub(crate) type Map = SourceMap<'static>;

/// The map of `content` after [`apply`](super::apply), as JSON.
pub(crate) fn written(map: Map, content: &str, edits: &[Edit]) -> String {
    shifted(map, content, edits).to_json_string()
}

/// The map of `content` after [`apply`](super::apply).
pub(crate) fn shifted(map: Map, content: &str, edits: &[Edit]) -> Map {
    let mut edits = columns(content, edits).into_iter().peekable();
    let (mut line, mut shift) = (0, 0);
    let mut parts = map.into_parts();
    for token in &mut parts.tokens {
        if token.get_dst_line() != line {
            (line, shift) = (token.get_dst_line(), 0);
        }
        while let Some(edit) = edits.next_if(|edit| edit.line < line || edit.is_before(token)) {
            if edit.line == line {
                shift += i64::from(edit.length) - i64::from(edit.columns.end - edit.columns.start);
            }
        }
        // A token in replaced text is mapped to the beginning of the replacement.
        let within =
            edits.peek().filter(|edit| edit.line == line && edit.columns.start < token.get_dst_col());
        let column = within.map_or(token.get_dst_col(), |edit| edit.columns.start);
        let column = u32::try_from(i64::from(column) + shift).unwrap_or(0);
        *token = Token::new(
            line,
            column,
            token.get_src_line(),
            token.get_src_col(),
            token.get_source_id(),
            token.get_name_id(),
        );
    }
    // File names are known to the link stage alone.
    parts.file = None;
    // Token chunks describe the tokens before the edits.
    parts.token_chunks = None;
    SourceMap::from_parts(parts)
}

/// An edit in the units of source maps: lines, and columns in UTF-16 code units.
struct InColumns {
    line: u32,
    columns: Range<u32>,
    length: u32,
}

impl InColumns {
    fn is_before(&self, token: &Token) -> bool {
        self.line == token.get_dst_line() && self.columns.end <= token.get_dst_col()
    }
}

fn columns(content: &str, edits: &[Edit]) -> Vec<InColumns> {
    let (mut at, mut line, mut column) = (0, 0, 0);
    let mut found = Vec::with_capacity(edits.len());
    for edit in edits {
        let between = &content[at..edit.place.start];
        if let Some((lines, last)) = between.rsplit_once('\n') {
            line += short(lines.matches('\n').count()) + 1;
            column = utf16_length(last);
        } else {
            column += utf16_length(between);
        }
        let start = column;
        column += utf16_length(&content[edit.place.clone()]);
        at = edit.place.end;
        found.push(InColumns { line, columns: start..column, length: utf16_length(&edit.text) });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Lines, apply};

    #[test]
    fn tokens_after_an_edit_on_a_line_move_with_it() {
        let content = "é😀TOKEN+a;TOKEN+b;\nc+TOKEN+d";
        let edits: Vec<Edit> = content
            .match_indices("TOKEN")
            .map(|(start, token)| Edit { place: start..start + token.len(), text: "/a/long/url".to_owned() })
            .collect();
        let columns = |content: &str, of: &str| -> u32 {
            let at = content.find(of).expect(of);
            Lines::of(content).position(at).1
        };
        let named = ["é", "a;", "b;", "c+", "d"];
        let lines = [0, 0, 0, 1, 1];
        let tokens = named
            .iter()
            .zip(lines)
            .map(|(name, line)| Token::new(line, columns(content, name), 0, 0, None, None))
            .collect();
        let map = SourceMap::new(None, vec![], None, vec![], vec![], tokens, None);
        let map = shifted(map, content, &edits);
        let edited = apply(content, &edits);
        let found: Vec<_> =
            map.get_tokens().map(|token| (token.get_dst_line(), token.get_dst_col())).collect();
        let expected: Vec<_> =
            named.iter().zip(lines).map(|(name, line)| (line, columns(&edited, name))).collect();
        assert_eq!(found, expected);
    }
}
