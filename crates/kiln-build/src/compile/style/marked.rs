//! A style sheet whose `url()`s are replaced by reference tokens before anything compiles it, so that
//! no tool can lose, rebase or rewrite them.

use std::{
    ops::Range,
    path::{Path, PathBuf},
};

use kiln_manifest::LogicalPath;

#[cfg(feature = "sass")]
use crate::compile::sass;
use crate::{
    Error, Result,
    compile::{
        Stage,
        css::{Scan, Url},
    },
    discover::read,
    edit::{Edit, apply},
    error::Text,
    resolve::Purpose,
    source_map::Map,
};

/// See the module.
#[derive(Clone, Debug)]
pub(in crate::compile) struct Marked {
    pub(in crate::compile) file: PathBuf,
    /// Its name, when it lies below `assets/`.
    pub(super) path: Option<LogicalPath>,
    /// As it was written.
    pub(in crate::compile) text: Text,
    /// As it is compiled: with tokens.
    pub(in crate::compile) css: String,
    /// What it imports, as it names it, with the place in the written text.
    pub(super) imports: Vec<(Range<usize>, String)>,
    pub(super) uses_tailwind: bool,
    /// The replaced ranges of the written text, with the length of what replaced each.
    edits: Vec<(Range<usize>, usize)>,
    /// Where another language has made the text, from what.
    pub(super) made_from: Option<Map>,
}

impl Marked {
    pub(in crate::compile) fn read(stage: &Stage<'_>, file: &Path) -> Result<Self> {
        let name = stage.config.name_of(file);
        let content = String::from_utf8(read(file)?).map_err(|error| Error::Tree {
            path: name.clone().into(),
            problem: error.to_string(),
            mend: "save the style sheet as UTF-8".to_owned(),
        })?;
        if !file.components().any(|part| part.as_os_str() == "node_modules") {
            stage.watch([file.to_owned()]);
        }
        let text = Text::new(name, content.trim_start_matches(BYTE_ORDER_MARK));
        #[cfg(feature = "sass")]
        if sass::is_sass(file) {
            let compiled = sass::compile(stage, file, &text)?;
            let css = Text::new(format!("{} as compiled", text.name()), compiled.css.as_str());
            let sheet =
                Self::of(stage, file, css, |css, url| token_in_sass(stage, file, &compiled, css, url))?;
            return Ok(Self { made_from: compiled.map, ..sheet });
        }
        let path = logical_path(stage, file);
        Self::of(stage, file, text, |text, url| token(stage, path.as_ref(), text, url))
    }

    /// The text with what `token` gives for each reference.
    fn of(
        stage: &Stage<'_>,
        file: &Path,
        text: Text,
        token: impl Fn(&Text, &Url) -> Result<Option<String>>,
    ) -> Result<Self> {
        let path = logical_path(stage, file);
        let scan = Scan::of(text.content());
        let mut css = String::with_capacity(text.content().len());
        let mut edits = Vec::new();
        let mut errors = Vec::new();
        let mut done = 0;
        for url in scan.urls {
            let replacement = match token(&text, &url) {
                Ok(Some(token)) => url.form.write(&token),
                Ok(None) => continue,
                Err(error) => {
                    errors.push(error);
                    continue;
                }
            };
            css.push_str(&text.content()[done..url.whole.start]);
            css.push_str(&replacement);
            done = url.whole.end;
            edits.push((url.whole, replacement.len()));
        }
        Error::all(errors)?;
        css.push_str(&text.content()[done..]);
        let (imports, uses_tailwind) = (scan.imports, scan.uses_tailwind);
        Ok(Self { file: file.to_owned(), path, text, css, imports, uses_tailwind, edits, made_from: None })
    }

    /// The same sheet with other text in some places of the marked one, none of which cuts through a token.
    pub(in crate::compile) fn replaced(&self, replacements: &[Edit]) -> Self {
        let written = |place: &Range<usize>| self.written_at(place.start)..self.written_at(place.end);
        let new: Vec<_> = replacements.iter().map(|edit| (written(&edit.place), edit.text.len())).collect();
        let is_kept = |token: &Range<usize>| {
            !new.iter().any(|(place, _)| place.start <= token.start && token.end <= place.end)
        };
        let kept = self.edits.iter().filter(|(token, _)| is_kept(token)).cloned();
        let mut edits: Vec<_> = new.iter().cloned().chain(kept).collect();
        edits.sort_by_key(|(place, _)| place.start);
        Self { css: apply(&self.css, replacements), edits, ..self.clone() }
    }

    /// The place in the written text of an offset into the marked one, given in UTF-16 units as scripts
    /// count.
    pub(in crate::compile) fn written_at_utf16(&self, units: usize) -> usize {
        let mut counted = 0;
        let at = self.css.char_indices().find(|(_, character)| {
            let reached = counted >= units;
            counted += character.len_utf16();
            reached
        });
        self.written_at(at.map_or(self.css.len(), |(index, _)| index))
    }

    /// An error at a place in the marked text as lightningcss counts: lines from 0, columns from 1.
    pub(super) fn error_at(&self, line: u32, column: u32, message: impl Into<String>) -> Error {
        let column = column.saturating_sub(1) as usize;
        let marked = Text::new("", self.css.as_str()).offset(line as usize, column);
        let at = self.written_at(marked);
        self.text.error(self.text.word_at(at), message).into()
    }

    /// The place in the written text of a byte offset into the marked one.
    pub(super) fn written_at(&self, marked: usize) -> usize {
        let mut shift = 0_isize;
        for (written, length) in &self.edits {
            let start = written.start.saturating_add_signed(shift);
            if marked < start {
                break;
            }
            if marked < start + length {
                return written.start;
            }
            shift += length.cast_signed() - written.len().cast_signed();
        }
        marked.saturating_add_signed(-shift).min(self.text.content().len())
    }
}

/// Some editors begin a file with it; no tool reads it as CSS.
const BYTE_ORDER_MARK: char = '\u{feff}';

fn logical_path(stage: &Stage<'_>, file: &Path) -> Option<LogicalPath> {
    let relative = file.strip_prefix(stage.config.assets()).ok()?.to_str()?;
    LogicalPath::new(relative.replace('\\', "/")).ok()
}

fn token(stage: &Stage<'_>, base: Option<&LogicalPath>, text: &Text, url: &Url) -> Result<Option<String>> {
    let Some(base) = base else {
        return outside(text, url);
    };
    let place = (text, url.value.clone());
    stage.tree.token(&stage.references, base, &url.written, Purpose::Resource, place)
}

/// Sass puts files together, and each reference is relative to the one in which it is written. Where several
/// files write the same, it is that for which it leads to something.
#[cfg(feature = "sass")]
fn token_in_sass(
    stage: &Stage<'_>,
    file: &Path,
    compiled: &sass::Compiled,
    css: &Text,
    url: &Url,
) -> Result<Option<String>> {
    let mut failure = None;
    for (file, text, value) in sass::places(compiled, &url.written) {
        let place = Url { whole: value.clone(), value, written: url.written.clone(), form: url.form };
        match token(stage, logical_path(stage, file).as_ref(), text, &place) {
            Ok(token) => return Ok(token),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    failure.map_or_else(|| token(stage, logical_path(stage, file).as_ref(), css, url), Err)
}

/// Sheets of npm packages may not bring files along: nothing outside of `assets/` is embedded.
fn outside(text: &Text, url: &Url) -> Result<Option<String>> {
    let is_local = !(url.written.starts_with(['#', '/']) || url.written.contains(':'));
    if !is_local {
        return Ok(None);
    }
    let error = text.error(url.value.clone(), format!("`{}` lies outside of assets/", url.written));
    Err(error.with_help("copy the file below assets/ and refer to it from a style sheet there").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_marked_text_lead_back_to_the_written_one() {
        let sheet = Marked {
            file: PathBuf::new(),
            path: None,
            text: Text::new("a.css", "ab url(x) cd"),
            css: "ab url(__token__) cd".to_owned(),
            imports: Vec::new(),
            uses_tailwind: false,
            edits: vec![(3..9, 14)],
            made_from: None,
        };
        assert_eq!([0, 5, 18, 99].map(|at| sheet.written_at(at)), [0, 3, 10, 12]);
    }
}
