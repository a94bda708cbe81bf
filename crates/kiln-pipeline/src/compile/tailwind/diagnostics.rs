//! Errors of the engine, at their places in the style sheets.

use super::{error::failed, protocol::Thrown};
use crate::{Error, compile::css::sheets::Sheet, error::SourceError};

/// An exception of the engine, at its place. The engine names a place for malformed CSS only; for other errors, the text
/// that the message quotes is searched in the style sheets.
pub(super) fn locate(sheets: &[Sheet], thrown: Thrown) -> Error {
    let Thrown { message, offset } = thrown;
    let located = offset.and_then(|(file, offset)| {
        let sheet = sheets.iter().find(|sheet| sheet.file.to_string_lossy() == file)?;
        let at = sheet.written_offset_of_utf16(offset);
        Some(sheet.text.error(sheet.text.word_at(at), without_place(&message, &file)))
    });
    match located.or_else(|| quoted(sheets, &message)) {
        Some(error) => error.into(),
        None => failed(message),
    }
}

/// An error at the first place where a style sheet has `written`.
pub(super) fn error_at(sheets: &[Sheet], written: &str, message: impl Into<String>) -> Option<SourceError> {
    let place = |sheet: &Sheet| sheet.text.content().find(written);
    let (sheet, at) = sheets.iter().find_map(|sheet| Some((sheet, place(sheet)?)))?;
    Some(sheet.text.error(at..at + written.len(), message))
}

/// The message without a leading place: `/path/app.css:2:1: Missing closing }`.
fn without_place<'a>(message: &'a str, file: &str) -> &'a str {
    let rest = message.strip_prefix(file).and_then(|placed| placed.split_once(": "));
    rest.map_or(message, |(_, rest)| rest)
}

fn quoted(sheets: &[Sheet], message: &str) -> Option<SourceError> {
    let name = message
        .split('`')
        .nth(1)
        .filter(|name| !name.starts_with('@'))
        .or_else(|| message.rsplit_once(": ").map(|(_, name)| name))?;
    if !message.contains("utility class") {
        return error_at(sheets, name, message);
    }
    let error = sheets.iter().find_map(|sheet| {
        let at = applied(sheet.text.content(), name)?;
        Some(sheet.text.error(at..at + name.len(), message))
    });
    Some(error?.with_label("no such utility").with_help(
        "fix the name, define it with `@utility`, or import the sheet that defines it with `@reference`",
    ))
}

/// The place where an `@apply` names `class`.
fn applied(css: &str, class: &str) -> Option<usize> {
    css.match_indices("@apply").find_map(|(start, _)| {
        let statement = &css[start..start + css[start..].find([';', '}']).unwrap_or(css.len() - start)];
        let word = statement.split_whitespace().find(|word| word.trim_end_matches('!') == class)?;
        Some(word.as_ptr() as usize - css.as_ptr() as usize)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_applied_class_is_found_as_a_whole_word() {
        let css = ".flex-x{color:red} .a{@apply flex-xy p-2;} .b{@apply p-1 flex-x}";
        assert_eq!(applied(css, "flex-x"), css.rfind("flex-x"));
        assert_eq!(applied(css, "flex"), None);
    }
}
