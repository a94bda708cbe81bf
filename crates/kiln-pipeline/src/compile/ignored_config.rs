//! Configuration files of tools that this build does not run. A file without effect is a warning.

use std::fs;

use super::context::Context;
use crate::source::{Language, Source};

/// A tool that reads a configuration file beside `Cargo.toml`.
struct Tool {
    /// Beginnings of the names of its file.
    files: &'static [&'static str],
    /// Why the file has no effect, and what to do.
    warning: &'static str,
    is_used: fn(&Context<'_>) -> bool,
}

const TOOLS: [Tool; 5] = [
    Tool {
        files: &["postcss.config.", ".postcssrc"],
        warning: "ignored, because PostCSS does not run; remove it (imports, Tailwind and prefixes are built in), or run PostCSS in an external step, `[[package.metadata.kiln.steps]]`",
        is_used: has_steps,
    },
    Tool {
        files: &["vite.config."],
        warning: "ignored, because no external step runs Vite; remove it, or keep your Vite: `command = [\"vite\", \"build\"]` in `[[package.metadata.kiln.steps]]`",
        is_used: runs_vite,
    },
    Tool {
        files: &["tailwind.config."],
        warning: "ignored, because no style sheet has `@config`; load it by `@config \"../tailwind.config.js\"` in the style sheet that imports Tailwind, or move it into `@theme`",
        is_used: |context| {
            has_steps(context) || context.in_language(Language::Style).any(loads_tailwind_config)
        },
    },
    Tool {
        files: &["babel.config.", ".babelrc"],
        warning: "ignored, because Babel does not run; remove it (TypeScript, JSX and new syntax are compiled without it), or run Babel in an external step, `[[package.metadata.kiln.steps]]`",
        is_used: has_steps,
    },
    Tool {
        files: &["svelte.config."],
        warning: "ignored, because Svelte is not compiled; keep your Vite as an external step, `[[package.metadata.kiln.steps]]`, or remove the file",
        is_used: has_steps,
    },
];

/// Warns of each ignored file.
pub(super) fn warn(context: &Context<'_>) {
    let Ok(entries) = fs::read_dir(&context.config.root) else { return };
    for name in entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()) {
        let is_of = |tool: &&Tool| tool.files.iter().any(|start| name.starts_with(start));
        if let Some(tool) = TOOLS.iter().find(is_of).filter(|tool| !(tool.is_used)(context)) {
            context.track([context.config.root.join(&name)]);
            context.warn([format!("{name}: {}", tool.warning)]);
        }
    }
}

/// Whether there is a step, which may read any file.
fn has_steps(context: &Context<'_>) -> bool {
    !context.config.options.steps.is_empty()
}

fn runs_vite(context: &Context<'_>) -> bool {
    context.config.options.steps.iter().any(|step| may_run_vite(&step.command))
}

/// Whether a command names Vite, or runs a script that may: `npm run build`. The output of a step without a command may be
/// Vite's.
fn may_run_vite(command: &[String]) -> bool {
    const RUNNERS: [&str; 10] = ["bun", "deno", "just", "make", "node", "npm", "npx", "pnpm", "sh", "yarn"];
    command.first().is_none_or(|program| RUNNERS.contains(&program.as_str()))
        || command.iter().any(|word| word.contains("vite"))
}

fn loads_tailwind_config(sheet: &Source) -> bool {
    fs::read_to_string(&sheet.file).is_ok_and(|css| css.contains("@config"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_reads_the_configuration_of_vite_when_it_may_run_vite() {
        for (command, expected) in [
            (&["vite", "build"][..], true),
            (&["npm", "run", "build"], true),
            (&["node_modules/.bin/vite", "build"], true),
            (&[], true),
            (&["esbuild", "app.ts"], false),
            (&["trunk", "build"], false),
        ] {
            let words: Vec<String> = command.iter().map(|&word| word.to_owned()).collect();
            assert_eq!(may_run_vite(&words), expected, "{command:?}");
        }
    }
}
