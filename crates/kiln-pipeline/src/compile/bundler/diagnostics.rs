//! Diagnostics of rolldown, at their places in the sources.

use std::fmt::Display;

use nodejs_built_in_modules::is_nodejs_builtin_module;
use rolldown_error::{BuildDiagnostic, DiagnosticOptions, EventKind};

use crate::{Config, Error, text::Text};

/// A label and a help text for a module that could not be loaded.
pub(in crate::compile) struct Explanation {
    pub(in crate::compile) label: String,
    pub(in crate::compile) help: &'static str,
}

/// An error of rolldown without a place.
pub(in crate::compile) fn failed(problem: impl Display) -> Error {
    Error::Tool { tool: "rolldown", problem: problem.to_string(), help: None }
}

/// All diagnostics, as one error. `explain` receives the message about a module that could not be loaded.
pub(super) fn diagnose(
    config: &Config,
    problems: &[BuildDiagnostic],
    explain: impl Fn(&str) -> Option<Explanation>,
) -> Error {
    Error::several(problems.iter().map(|problem| located(config, problem, &explain)).collect())
}

/// A warning in the format of rolldown.
pub(in crate::compile) fn render(config: &Config, warning: &BuildDiagnostic) -> String {
    let options = DiagnosticOptions { cwd: config.root.clone() };
    warning.to_diagnostic_with(&options).convert_to_string(false)
}

fn located(
    config: &Config,
    problem: &BuildDiagnostic,
    explain: impl Fn(&str) -> Option<Explanation>,
) -> Error {
    let options = DiagnosticOptions { cwd: config.root.clone() };
    let diagnostic = problem.to_diagnostic_with(&options);
    let message = problem.to_message_with(&options);
    let place = diagnostic.get_primary_location().and_then(|(file, line, column, _)| {
        let text = Text::read(&config.root.join(&file), file.clone()).ok()?;
        Some((text, line - 1, column))
    });
    let Some((text, line, column)) = place else {
        return implied(&message).unwrap_or_else(|| failed(diagnostic.convert_to_string(false)));
    };
    let span = text.word_at(text.offset(line, column));
    let written = text.content()[span.clone()].trim_matches(['"', '\'']).to_owned();
    match (problem.kind(), message.split_once(" (imported by ")) {
        (EventKind::UnresolvedImport, _) => {
            let (label, help) = unresolved(&written);
            text.error(span, message).with_label(label).with_help(help).into()
        }
        (EventKind::UnloadableDependencyError, Some((failed, _))) => {
            let error = text.error(span, failed);
            match explain(failed) {
                Some(Explanation { label, help }) => error.with_label(label).with_help(help).into(),
                None => error.into(),
            }
        }
        _ => text.error(span, message).into(),
    }
}

/// The error of an import that JSX implies: it stands nowhere in the source.
fn implied(message: &str) -> Option<Error> {
    let (module, file) = message.strip_prefix("Could not resolve '")?.split_once("' in ")?;
    let package = module.strip_suffix("/jsx-runtime").or_else(|| module.strip_suffix("/jsx-dev-runtime"))?;
    Some(Error::Tree {
        path: file.into(),
        problem: format!("could not resolve `{module}`, which JSX imports"),
        help: format!(
            "run `npm install {package}`, or name another package as `jsxImportSource` in tsconfig.json"
        ),
    })
}

/// The label and the help text for an import that cannot be resolved.
fn unresolved(written: &str) -> (&'static str, String) {
    if written.starts_with(['.', '/']) {
        return ("file not found", "fix the path, or add the file".to_owned());
    }
    if is_nodejs_builtin_module(written) || written.starts_with("node:") {
        return ("built-in module of Node.js", "import a package that works in browsers".to_owned());
    }
    if written == "kiln:assets" {
        let help = "import it in a script that `navigator.serviceWorker.register(new URL(\"…\", import.meta.url))` names";
        return ("only for service workers", help.to_owned());
    }
    let segments = if written.starts_with('@') { 2 } else { 1 };
    let package: Vec<&str> = written.split('/').take(segments).collect();
    ("package not installed, or without this export", format!("run `npm install {}`", package.join("/")))
}
