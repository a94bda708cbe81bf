//! What rolldown found wrong, at its place in the source.

use rolldown_error::{BuildDiagnostic, DiagnosticOptions, EventKind};

use super::asset::PLUGIN;
use crate::{Error, compile::Stage, error::Text};

/// All of them, as one error.
pub(super) fn diagnose(stage: &Stage<'_>, problems: &[BuildDiagnostic]) -> Error {
    Error::several(problems.iter().map(|problem| located(stage, problem)).collect())
}

fn located(stage: &Stage<'_>, problem: &BuildDiagnostic) -> Error {
    let options = DiagnosticOptions { cwd: stage.config.root.clone() };
    let diagnostic = problem.to_diagnostic_with(&options);
    let message = problem.to_message_with(&options);
    let place = diagnostic.get_primary_location().and_then(|(file, line, column, _)| {
        let content = std::fs::read_to_string(stage.config.root.join(&file)).ok()?;
        Some((Text::new(file, content), line - 1, column))
    });
    let Some((text, line, column)) = place else {
        return Error::Tool { tool: "rolldown", problem: diagnostic.convert_to_string(false), mend: None };
    };
    let span = text.word_at(text.offset(line, column));
    match (problem.kind(), message.split_once(&format!(" - plugin `{PLUGIN}`"))) {
        (EventKind::UnresolvedImport, _) => text
            .error(span, message)
            .with_label("nothing here answers to this name")
            .with_help("mend the path, or add the package to package.json: `npm install NAME`")
            .into(),
        (_, Some((refused, _))) => text
            .error(span, refused)
            .with_label("neither a script nor a file with a URL")
            .with_help("link a style sheet from a page; keep other files below assets/, and not private")
            .into(),
        _ => text.error(span, message).into(),
    }
}

/// A warning, as rolldown writes it.
pub(super) fn rendered(stage: &Stage<'_>, warning: &BuildDiagnostic) -> String {
    let options = DiagnosticOptions { cwd: stage.config.root.clone() };
    warning.to_diagnostic_with(&options).convert_to_string(false)
}
