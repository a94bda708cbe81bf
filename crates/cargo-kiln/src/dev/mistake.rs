//! Errors of a build for a page to show: message, place, the lines around it, and help.

use kiln_pipeline::Error;
use miette::{Diagnostic, LabeledSpan};
use serde::Serialize;

/// Lines shown before and after the one with the mistake.
const CONTEXT_LINES: usize = 2;

/// One error of a build.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Mistake {
    message: String,
    file: Option<String>,
    /// Line and column are counted from 1.
    line: Option<usize>,
    column: Option<usize>,
    frame: Vec<FrameLine>,
    /// Text at the caret.
    label: Option<String>,
    help: Option<String>,
}

/// A line of the source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct FrameLine {
    number: usize,
    text: String,
    /// Blanks and carets below the line, where it has the mistake.
    caret: Option<String>,
}

impl Mistake {
    /// All mistakes of an error, which may gather several.
    pub(crate) fn all(error: &Error) -> Vec<Self> {
        match error {
            Error::Several(errors) => errors.iter().flat_map(Self::all).collect(),
            one => vec![Self::of(one)],
        }
    }

    fn of(error: &Error) -> Self {
        let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
        let bare = Self {
            message: format!("{error}{cause}"),
            file: None,
            line: None,
            column: None,
            frame: Vec::new(),
            label: None,
            help: error.help().map(|help| help.to_string()),
        };
        let label = error.labels().and_then(|mut labels| labels.next());
        label.and_then(|label| bare.clone().at(error, &label)).unwrap_or(bare)
    }

    fn at(self, error: &Error, label: &LabeledSpan) -> Option<Self> {
        let shown = error.source_code()?.read_span(label.inner(), CONTEXT_LINES, CONTEXT_LINES).ok()?;
        let text = std::str::from_utf8(shown.data()).ok()?;
        let start = label.offset() - shown.span().offset();
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let row = before.matches('\n').count();
        let frame = text.lines().enumerate().map(|(index, line)| FrameLine {
            number: shown.line() + index + 1,
            text: line.to_owned(),
            caret: (index == row).then(|| caret(line, start - line_start, label.len())),
        });
        Some(Self {
            file: shown.name().map(str::to_owned),
            line: Some(shown.line() + row + 1),
            column: Some(text[line_start..start].chars().count() + 1),
            frame: frame.collect(),
            label: label.label().map(str::to_owned),
            ..self
        })
    }
}

/// Blanks and carets for a part of `line`. Tabs stay tabs, so that the carets stand below the part.
fn caret(line: &str, start: usize, length: usize) -> String {
    let end = (start + length).min(line.len());
    let blanks = line[..start].chars().map(|character| if character == '\t' { '\t' } else { ' ' });
    let meant = line.get(start..end).map_or(0, |meant| meant.chars().count());
    blanks.chain(std::iter::repeat_n('^', meant.max(1))).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use kiln_pipeline::error::SourceError;
    use miette::NamedSource;

    use super::*;

    #[test]
    fn a_mistake_has_its_place_and_the_lines_around_it() {
        let content: Arc<str> = "one\ntwo\n\té wrong;\nfour\nfive\nsix".into();
        let at = content.find("wrong").expect("there");
        let error = SourceError::new(NamedSource::new("assets/a.css", content), at..at + 5, "no".to_owned());
        let error = error.with_label("this").with_help("write right");
        let [mistake] = &Mistake::all(&error.into())[..] else { panic!("one mistake") };
        assert_eq!(mistake.message, "no");
        assert_eq!(mistake.file.as_deref(), Some("assets/a.css"));
        assert_eq!((mistake.line, mistake.column), (Some(3), Some(4)));
        let numbers: Vec<_> = mistake.frame.iter().map(|line| line.number).collect();
        assert_eq!(numbers, [1, 2, 3, 4, 5]);
        assert_eq!(mistake.frame[2].text, "\té wrong;");
        assert_eq!(mistake.frame[2].caret.as_deref(), Some("\t  ^^^^^"));
        assert_eq!(mistake.frame.iter().filter(|line| line.caret.is_some()).count(), 1);
        assert_eq!(mistake.label.as_deref(), Some("this"));
        assert_eq!(mistake.help.as_deref(), Some("write right"));
    }
}
