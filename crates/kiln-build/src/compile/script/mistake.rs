//! What rolldown found wrong, at its place in the source.

use std::{collections::BTreeMap, path::Path};

use rolldown_error::{BuildDiagnostic, DiagnosticOptions, EventKind};

use super::import::Refusal;
use crate::{Error, compile::Stage, error::Text};

/// All of them, as one error.
pub(super) fn diagnose(
    stage: &Stage<'_>,
    problems: &[BuildDiagnostic],
    refusals: &BTreeMap<String, Refusal>,
) -> Error {
    Error::several(problems.iter().map(|problem| located(stage, problem, refusals)).collect())
}

fn located(stage: &Stage<'_>, problem: &BuildDiagnostic, refusals: &BTreeMap<String, Refusal>) -> Error {
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
    let written = text.content()[span.clone()].trim_matches(['"', '\'']).to_owned();
    match (problem.kind(), message.split_once(" (imported by ")) {
        (EventKind::UnresolvedImport, _) => {
            let (label, help) = unresolved(&written);
            text.error(span, message).with_label(label).with_help(help).into()
        }
        (EventKind::UnloadableDependencyError, Some((failed, _))) => {
            let refusal =
                refusals.iter().find(|(id, _)| failed.ends_with(&stage.config.name_of(Path::new(id))));
            let error = text.error(span, failed);
            match refusal {
                Some((_, why)) => error.with_label(why.to_string()).with_help(why.help()).into(),
                None => error.into(),
            }
        }
        _ => text.error(span, message).into(),
    }
}

/// The label and the mend for an import that leads nowhere.
fn unresolved(written: &str) -> (&'static str, String) {
    if written.starts_with(['.', '/']) {
        return ("no such file", "mend the path".to_owned());
    }
    if NODE_MODULES.contains(&written) || written.starts_with("node:") {
        return ("a part of Node", "browsers do not have it; import a package that does without".to_owned());
    }
    let segments = if written.starts_with('@') { 2 } else { 1 };
    let package: Vec<&str> = written.split('/').take(segments).collect();
    ("no such package, or it does not export this", format!("npm install {}", package.join("/")))
}

/// The parts of Node that packages most often import without `node:`.
const NODE_MODULES: [&str; 16] = [
    "assert",
    "buffer",
    "child_process",
    "crypto",
    "events",
    "fs",
    "http",
    "https",
    "net",
    "os",
    "path",
    "process",
    "stream",
    "url",
    "util",
    "zlib",
];

/// A warning, as rolldown writes it.
pub(super) fn rendered(stage: &Stage<'_>, warning: &BuildDiagnostic) -> String {
    let options = DiagnosticOptions { cwd: stage.config.root.clone() };
    warning.to_diagnostic_with(&options).convert_to_string(false)
}
