//! Text: sources that diagnostics point into, positions in them, edits, and source maps.

mod edit;
#[cfg(feature = "toolchain")]
mod edited;
mod json;
mod position;
#[cfg(feature = "toolchain")]
mod source_map;
#[cfg(not(feature = "toolchain"))]
#[path = "source_map/without_toolchain.rs"]
mod source_map;

use std::{fs, ops::Range, path::Path, sync::Arc};

use miette::NamedSource;

pub(crate) use self::{
    edit::{Edit, apply, apply_within},
    json::json_strings,
    position::Lines,
    source_map::{Map, written},
};
#[cfg(feature = "toolchain")]
pub(crate) use self::{
    edited::Edited,
    position::{Position, short, utf16_offset},
    source_map::shifted,
};
use crate::error::{Error, Result, SourceError};

/// A source text that diagnostics can point into.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    name: Arc<str>,
    content: Arc<str>,
}

impl Text {
    /// A text, named by its path relative to the project: messages are then equal in any folder.
    pub(crate) fn new(name: impl Into<Arc<str>>, content: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), content: content.into() }
    }

    /// The content of `file`.
    ///
    /// # Errors
    /// When it cannot be read, or is not UTF-8.
    pub(crate) fn read(file: &Path, name: String) -> Result<Self> {
        let bytes = fs::read(file).map_err(Error::io("read", file))?;
        match String::from_utf8(bytes) {
            Ok(content) => Ok(Self::new(name, content)),
            Err(error) => Err(Error::Tree {
                path: name.into(),
                problem: format!("not UTF-8: {}", error.utf8_error()),
                help: "save the file as UTF-8".to_owned(),
            }),
        }
    }

    /// The content.
    pub(crate) fn content(&self) -> &str {
        &self.content
    }

    /// The name of the file in diagnostics.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The byte offset of a line and column, both counted from 0; the column in UTF-16 code units, as CSS and script
    /// tools count.
    pub(crate) fn offset(&self, line: usize, column: usize) -> usize {
        Lines::of(&self.content).offset((position::short(line), position::short(column)))
    }

    /// The line and column of a byte offset, both counted from 1; the column in characters.
    pub(crate) fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.content.get(..offset).unwrap_or(&self.content);
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    /// The span of the word at a line and column, both counted from 1.
    pub(crate) fn word_at_position(&self, line: usize, column: usize) -> Range<usize> {
        self.word_at(self.offset(line.saturating_sub(1), column.saturating_sub(1)))
    }

    /// The span of the word or quoted string that begins at `offset`, or of one character.
    pub(crate) fn word_at(&self, offset: usize) -> Range<usize> {
        let rest = self.content.get(offset..).unwrap_or_default();
        if let Some(quote @ ('"' | '\'')) = rest.chars().next()
            && let Some(end) = rest[1..].find([quote, '\n'])
        {
            return offset..offset + end + 2;
        }
        let word = rest
            .find(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '-' | '$')))
            .unwrap_or(rest.len());
        let one = rest.chars().next().map_or(0, char::len_utf8);
        offset..offset + word.max(one)
    }

    /// An error at `span`.
    pub(crate) fn error(&self, span: Range<usize>, message: impl Into<String>) -> SourceError {
        SourceError::new(NamedSource::new(&*self.name, Arc::clone(&self.content)), span, message.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_are_counted_as_editors_count() {
        let text = Text::new("a.css", "é😀x\nyz");
        assert_eq!([0, "é😀".len(), "é😀x\ny".len()].map(|at| text.position(at)), [(1, 1), (1, 3), (2, 2)]);
    }

    #[test]
    fn a_file_that_is_not_utf_8_is_named_with_the_place_of_the_byte() {
        let folder = tempfile::tempdir().expect("folder");
        let file = folder.path().join("a.css");
        fs::write(&file, b"a\xff").expect("write");
        let error = Text::read(&file, "assets/a.css".to_owned()).expect_err("not UTF-8");
        let expected = "assets/a.css: not UTF-8: invalid utf-8 sequence of 1 bytes from index 1";
        assert_eq!(error.to_string(), expected);
    }
}
