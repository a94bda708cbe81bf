//! String literals that are paths of files below `assets/`: `fetch("/data/a.json")`. The build does not rewrite them, and the
//! files are served under hashed names.

use std::{
    collections::BTreeSet,
    fs,
    path::{Component, Path, PathBuf},
};

use kiln_manifest::{Exposure, LogicalPath};
use oxc::span::SourceType;

use super::string_literals::{Meaning, StringLiterals, WrittenString};
use crate::{
    compile::context::Context,
    reference::{decoded, is_elsewhere, split_suffix},
    source::Source,
    text::Text,
};

/// Warnings for the own scripts among `files`.
pub(super) fn warnings(context: &Context<'_>, files: &BTreeSet<PathBuf>) -> Vec<String> {
    let extensions: BTreeSet<_> =
        context.sources.iter().filter(|source| is_renamed(context, source)).filter_map(extension).collect();
    let mut found = Vec::new();
    for file in files {
        let Some(kind) = source_type(file) else { continue };
        let Ok(script) = fs::read_to_string(file) else { continue };
        if extensions.iter().any(|extension| script.contains(extension.as_str())) {
            let text = Text::new(context.config.name_of(file), script);
            let strings = StringLiterals::of(text.content(), kind).0;
            found.extend(strings.values().filter_map(|string| warning(context, file, &text, string)));
        }
    }
    found
}

/// The extension of a source, with its dot.
fn extension(source: &Source) -> Option<String> {
    source.path.extension().map(|extension| format!(".{extension}"))
}

/// The language of a script; `None` for another file.
pub(super) fn source_type(file: &Path) -> Option<SourceType> {
    let kind = SourceType::from_path(file).ok()?;
    Some(if kind.is_javascript() { kind.with_jsx(true) } else { kind })
}

fn warning(context: &Context<'_>, script: &Path, text: &Text, string: &WrittenString) -> Option<String> {
    let target = target(context, script, string)?;
    let (line, column) = text.position(string.place.start);
    let import = relative(script.parent()?, &target.file);
    Some(format!(
        "{}:{line}:{column}: path `{}` in a string not rewritten, but the file is served under a hashed name; use `import url from \"{import}?url\"`",
        text.name(),
        string.written,
    ))
}

/// The file that a string names, when no request for that name finds it.
fn target<'a>(context: &Context<'a>, script: &Path, string: &WrittenString) -> Option<&'a Source> {
    let (name, _) = split_suffix(&string.written);
    if is_elsewhere(name) || context.config.options.routes.is_match(name) {
        return None;
    }
    let name = decoded(name);
    let options = &context.config.options;
    let mounted = name.strip_prefix(options.mount.trim_end_matches('/')).unwrap_or(&name);
    let below_prefix = mounted.strip_prefix(&options.prefix);
    let top = LogicalPath::new("index.html").ok()?;
    let find = |base: &LogicalPath, name: &str| context.tree.get(&base.join(name).ok()?);
    let found = if name.starts_with('/') {
        [Some(&*name), Some(mounted), below_prefix].into_iter().flatten().find_map(|name| find(&top, name))
    } else if string.meaning == Meaning::Url {
        let own = context.sources.iter().find(|source| source.file == script);
        own.and_then(|own| find(&own.path, &name)).or_else(|| find(&top, &name))
    } else {
        None
    };
    found.filter(|source| is_renamed(context, source))
}

/// Whether a source is served under a name that the build chooses.
fn is_renamed(context: &Context<'_>, source: &Source) -> bool {
    source.exposure == Exposure::Hashed
        && source.path.extension().is_some()
        && !context.config.options.hashed.is_match(source.path.as_str())
}

/// The specifier of `target` for a script in `folder`.
fn relative(folder: &Path, target: &Path) -> String {
    let (from, to): (Vec<Component<'_>>, Vec<_>) =
        (folder.components().collect(), target.components().collect());
    let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
    let up = if shared == from.len() { "./".to_owned() } else { "../".repeat(from.len() - shared) };
    let down: Vec<_> = to[shared..].iter().map(|part| part.as_os_str().to_string_lossy()).collect();
    up + &down.join("/")
}
