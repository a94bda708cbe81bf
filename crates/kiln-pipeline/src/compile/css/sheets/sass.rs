//! Sass: `.scss` and `.sass` compiled to CSS, which is then compiled like any style sheet.

use std::{
    cell::RefCell,
    fmt::Display,
    ops::Range,
    path::{Path, PathBuf},
    rc::Rc,
    thread,
};

use oxc_sourcemap::SourceMap;
use sasso::{
    CanonicalUrl, CanonicalizeContext, FsImporter, Importer, ImporterError, ImporterResult, Options, Syntax,
    WarnEvent, WarnKind,
};

use crate::{
    Error, Result,
    compile::context::Context,
    parallel::joined,
    text::{Map, Text},
};

/// The stack of the compiler, in bytes: large libraries make it recurse deeply.
const STACK: usize = 16 << 20;

/// A compiled source, and the files that were read for it, the source first.
#[derive(Debug)]
pub(super) struct CompiledSass {
    pub(super) css: String,
    /// The source map, in builds with source maps.
    pub(super) map: Option<Map>,
    pub(super) read: Vec<(PathBuf, Text)>,
}

impl CompiledSass {
    /// Places of `reference` in the sources, each with its file.
    pub(super) fn places(&self, reference: &str) -> impl Iterator<Item = (&Path, &Text, Range<usize>)> {
        self.read.iter().filter_map(move |(file, text)| {
            let at = text.content().find(reference)?;
            Some((file.as_path(), text, at..at + reference.len()))
        })
    }
}

/// Whether `file` is Sass, by its extension.
pub(super) fn is_sass(file: &Path) -> bool {
    syntax(file).is_some()
}

fn syntax(file: &Path) -> Option<Syntax> {
    match file.extension()?.to_str()? {
        "scss" => Some(Syntax::Scss),
        "sass" => Some(Syntax::Sass),
        _ => None,
    }
}

/// Compiles `text`, the content of `file`.
///
/// # Errors
/// Errors of the compiler, at their places.
pub(super) fn compile(context: &Context<'_>, file: &Path, text: &Text) -> Result<CompiledSass> {
    thread::scope(|scope| {
        let sass = thread::Builder::new().name("sass".to_owned()).stack_size(STACK);
        let sass = sass.spawn_scoped(scope, || compile_here(context, file, text));
        let sass = sass.map_err(failed)?;
        joined(sass)
    })
}

fn compile_here(context: &Context<'_>, file: &Path, text: &Text) -> Result<CompiledSass> {
    let files = Files {
        system: FsImporter::new(vec![context.config.root.join("node_modules")]),
        context,
        read: RefCell::new(vec![(file.to_owned(), text.clone())]),
    };
    let (url, root) = (file.to_string_lossy(), context.config.root.to_string_lossy());
    let warnings = Rc::new(RefCell::new(Vec::new()));
    let received = Rc::clone(&warnings);
    let options = Options::new()
        .with_syntax(syntax(file).unwrap_or_default())
        .with_importer(&files)
        .with_url(&url)
        .with_cwd(&root)
        .with_charset(false)
        .with_warn_handler(Rc::new(move |event| received.borrow_mut().push(warning(event))));
    let compiled = compile_mapped(context.config.maps_styles(), text, &options);
    context.warn(warnings.take());
    let read = files.read.take();
    match compiled {
        Ok((css, map)) => {
            let map = map.map(|map| named(context, &read, &map)).transpose()?;
            Ok(CompiledSass { css, map, read })
        }
        Err(error) => Err(located(context, &read, &error)),
    }
}

fn compile_mapped(
    maps_styles: bool,
    text: &Text,
    options: &Options<'_>,
) -> Result<(String, Option<sasso::SourceMap>), sasso::Error> {
    if !maps_styles {
        return sasso::compile(text.content(), options).map(|css| (css, None));
    }
    let compiled = sasso::compile_with_source_map(text.content(), options)?;
    Ok((compiled.css, Some(compiled.source_map)))
}

/// The map with the names of diagnostics, and with the texts of its sources.
fn named(context: &Context<'_>, read: &[(PathBuf, Text)], map: &sasso::SourceMap) -> Result<Map> {
    let json = map.to_json();
    let mut named = SourceMap::from_json_string(&json).map_err(failed)?.into_owned();
    let files: Vec<PathBuf> = map.sources.iter().map(|source| context.config.root.join(source)).collect();
    let text = |file: &PathBuf| read.iter().find(|(read, _)| read == file).map(|(_, text)| text);
    named.set_sources(files.iter().map(|file| context.config.name_of(file)));
    named.set_source_contents(files.iter().map(|file| text(file).map(Text::content)).collect());
    Ok(named)
}

fn warning(event: &WarnEvent<'_>) -> String {
    let kind = match event.kind {
        WarnKind::Debug => "debug",
        WarnKind::Warn => "warning",
    };
    format!("{}:{}: {kind}: {}", event.url, event.line, event.message)
}

/// An importer of files of the project and its packages, which records the files that are read.
struct Files<'a> {
    system: FsImporter,
    context: &'a Context<'a>,
    read: RefCell<Vec<(PathBuf, Text)>>,
}

impl Importer for Files<'_> {
    fn canonicalize(
        &self,
        url: &str,
        context: &CanonicalizeContext<'_>,
    ) -> Result<Option<CanonicalUrl>, ImporterError> {
        let found = self.system.canonicalize(url, context)?;
        let sheet = context.containing_url.map(|sheet| Path::new(sheet.as_str()));
        let folder = sheet.and_then(Path::parent).unwrap_or(&self.context.config.root);
        let of_package = || self.context.packages.sass(folder, url);
        Ok(found.or_else(|| of_package().map(|file| CanonicalUrl::new(file.to_string_lossy()))))
    }

    fn load(&self, canonical: &CanonicalUrl) -> Result<Option<ImporterResult>, ImporterError> {
        let loaded = self.system.load(canonical)?;
        if let Some(loaded) = &loaded {
            let file = PathBuf::from(canonical.as_str());
            self.context.track([file.clone()]);
            let text = Text::new(self.context.config.name_of(&file), loaded.contents.as_str());
            self.read.borrow_mut().push((file, text));
        }
        Ok(loaded)
    }
}

fn failed(problem: impl Display) -> Error {
    Error::Tool { tool: "Sass", problem: problem.to_string(), help: None }
}

/// The error at its place. The message names the file in the frames below its snippet, innermost first:
/// `_card.scss 3:5  @use`.
fn located(context: &Context<'_>, read: &[(PathBuf, Text)], error: &sasso::Error) -> Error {
    let message = error.to_string();
    let place = message.lines().find_map(|line| {
        let (name, place) = line.trim().split_once("  ")?.0.rsplit_once(' ')?;
        let (line, column) = place.split_once(':')?;
        let file = context.config.root.join(name);
        let (_, text) = read.iter().find(|(read, _)| *read == file)?;
        Some((text, line.parse::<usize>().ok()?, column.parse::<usize>().ok()?))
    });
    let Some((text, line, column)) = place else {
        return failed(&error.message);
    };
    let problem = text.error(text.word_at_position(line, column), error.message.clone());
    let written = text.content().lines().nth(line.saturating_sub(1)).unwrap_or_default();
    if written.contains("\"~") || written.contains("'~") {
        return problem.with_help("remove the `~`: packages are found by their names").into();
    }
    problem.into()
}
