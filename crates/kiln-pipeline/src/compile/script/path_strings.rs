//! String literals that are paths of files below `assets/`: `fetch("/data/a.json")`. The build does not rewrite them, and the
//! files are served under hashed names.

use std::{
    collections::BTreeSet,
    fs,
    ops::Range,
    path::{Path, PathBuf},
};

use kiln_manifest::{Exposure, LogicalPath};
use oxc::span::SourceType;

use super::{
    glob_pattern::relative,
    string_literals::{Meaning, StringLiterals, WrittenString},
};
use crate::{
    compile::context::Context,
    reference::{decoded, is_elsewhere, output_of, split_suffix},
    source::{Language, Source},
    text::Text,
};

/// The search for paths of files in strings.
pub(in crate::compile) struct PathStrings<'a> {
    context: &'a Context<'a>,
    /// Extensions of files that are served under hashed names, with their dots.
    extensions: BTreeSet<String>,
}

impl<'a> PathStrings<'a> {
    pub(in crate::compile) fn new(context: &'a Context<'a>) -> Self {
        let renamed = context.sources.iter().filter(|source| is_renamed(context, source));
        let names = renamed.flat_map(|source| [source.path.clone(), output_of(source)]);
        let extension = |name: LogicalPath| name.extension().map(|extension| format!(".{extension}"));
        Self { context, extensions: names.filter_map(extension).collect() }
    }

    /// Warnings for the own scripts among the bundled `files`.
    pub(super) fn in_modules(&self, files: &BTreeSet<PathBuf>) -> Vec<String> {
        let scripts = files.iter().filter_map(|file| Some((file, source_type(file)?)));
        let found = scripts.flat_map(|(file, kind)| {
            let text =
                Text::new(self.context.config.name_of(file), fs::read_to_string(file).unwrap_or_default());
            let whole = 0..text.content().len();
            self.found(file, &text, whole, kind)
        });
        found.map(|found| format!("{found}`")).collect()
    }

    /// Warnings for a script that is served unchanged: the part `place` of `text`, of the page or script `source`.
    pub(in crate::compile) fn in_unchanged(
        &self,
        source: &Source,
        text: &Text,
        place: Range<usize>,
    ) -> Vec<String> {
        let found = self.found(&source.file, text, place, SourceType::unambiguous());
        found
            .into_iter()
            .map(|found| format!("{found}` in a module that the page loads from a file"))
            .collect()
    }

    /// The beginnings of warnings, up to the code to write.
    fn found(&self, file: &Path, text: &Text, place: Range<usize>, kind: SourceType) -> Vec<String> {
        let script = &text.content()[place.clone()];
        if !self.extensions.iter().any(|extension| script.contains(extension.as_str())) {
            return Vec::new();
        }
        let strings = StringLiterals::of(script, kind).0;
        let found = strings.values().filter_map(|string| {
            let target = target(self.context, file, string)?;
            let (line, column) = text.position(place.start + string.place.start);
            let (name, written) = (text.name(), &string.written);
            let specifier = relative(file.parent()?, &target.file);
            Some(match string.meaning {
                Meaning::ServiceWorker => format!(
                    "{name}:{line}:{column}: service worker `{written}` in a string not compiled; use `new URL(\"{specifier}\", import.meta.url)"
                ),
                Meaning::Url | Meaning::Value => format!(
                    "{name}:{line}:{column}: path `{written}` in a string not rewritten, but the file is served under a hashed name; use `import url from \"{specifier}?url\""
                ),
            })
        });
        found.collect()
    }
}

/// The language of a script; `None` for another file.
pub(super) fn source_type(file: &Path) -> Option<SourceType> {
    let kind = SourceType::from_path(file).ok()?;
    Some(if kind.is_javascript() { kind.with_jsx(true) } else { kind })
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
    let find = |base: &LogicalPath, name: &str| {
        let name = base.join(name).ok()?;
        let compiled = || context.in_language(Language::Script).find(|source| output_of(source) == name);
        context.tree.get(&name).or_else(|| compiled().filter(|_| string.meaning == Meaning::ServiceWorker))
    };
    let found = if name.starts_with('/') {
        [Some(&*name), Some(mounted), below_prefix].into_iter().flatten().find_map(|name| find(&top, name))
    } else if string.meaning != Meaning::Value {
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
