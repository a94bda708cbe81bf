//! Sass: `.scss` and `.sass` compiled to CSS, which then goes the way of every style sheet.

use std::{
    cell::RefCell,
    ops::Range,
    path::{Path, PathBuf},
    rc::Rc,
    thread,
};

use sasso::{
    CanonicalUrl, CanonicalizeContext, FsImporter, Importer, ImporterError, ImporterResult, Options, Syntax,
    WarnEvent, WarnKind,
};

use super::Stage;
use crate::{Error, Result, error::Text};

/// The compiler recurses deeply on large libraries; bytes.
const STACK: usize = 16 << 20;

/// What became of a source, and every file that it was made from, itself first.
#[derive(Debug)]
pub(super) struct Compiled {
    pub(super) css: String,
    pub(super) read: Vec<(PathBuf, Text)>,
}

/// Whether `file` is written in Sass, by its name.
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
pub(super) fn compile(stage: &Stage<'_>, file: &Path, text: &Text) -> Result<Compiled> {
    thread::scope(|scope| {
        let sass = thread::Builder::new().name("sass".to_owned()).stack_size(STACK);
        let sass = sass.spawn_scoped(scope, || compile_here(stage, file, text));
        let sass = sass.map_err(|cause| failed(cause.to_string()))?;
        sass.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn compile_here(stage: &Stage<'_>, file: &Path, text: &Text) -> Result<Compiled> {
    let files = Files {
        system: FsImporter::new(vec![stage.config.root.join("node_modules")]),
        stage,
        read: RefCell::new(vec![(file.to_owned(), text.clone())]),
    };
    let (url, root) = (file.to_string_lossy(), stage.config.root.to_string_lossy());
    let warnings = Rc::new(RefCell::new(Vec::new()));
    let heard = Rc::clone(&warnings);
    let options = Options::new()
        .with_syntax(syntax(file).unwrap_or_default())
        .with_importer(&files)
        .with_url(&url)
        .with_cwd(&root)
        .with_charset(false)
        .with_warn_handler(Rc::new(move |event| heard.borrow_mut().push(told(event))));
    let compiled = sasso::compile(text.content(), &options);
    stage.warn(warnings.take());
    let read = files.read.take();
    match compiled {
        Ok(css) => Ok(Compiled { css, read }),
        Err(error) => Err(located(stage, &read, &error)),
    }
}

fn told(event: &WarnEvent<'_>) -> String {
    let kind = match event.kind {
        WarnKind::Debug => "debug",
        WarnKind::Warn => "warning",
    };
    format!("{}:{}: {kind}: {}", event.url, event.line, event.message)
}

/// The files of the project and of its packages, remembered as they are read.
struct Files<'a> {
    system: FsImporter,
    stage: &'a Stage<'a>,
    read: RefCell<Vec<(PathBuf, Text)>>,
}

impl Importer for Files<'_> {
    fn canonicalize(
        &self,
        url: &str,
        context: &CanonicalizeContext<'_>,
    ) -> Result<Option<CanonicalUrl>, ImporterError> {
        self.system.canonicalize(url, context)
    }

    fn load(&self, canonical: &CanonicalUrl) -> Result<Option<ImporterResult>, ImporterError> {
        let loaded = self.system.load(canonical)?;
        if let Some(loaded) = &loaded {
            let file = PathBuf::from(canonical.as_str());
            if !file.iter().any(|segment| segment == "node_modules") {
                self.stage.watch([file.clone()]);
            }
            let text = Text::new(self.stage.config.name_of(&file), loaded.contents.as_str());
            self.read.borrow_mut().push((file, text));
        }
        Ok(loaded)
    }
}

fn failed(problem: String) -> Error {
    Error::Tool { tool: "Sass", problem, mend: None }
}

/// The compiler names the file in the frames below its snippet, innermost first: `_card.scss 3:5  @use`.
fn located(stage: &Stage<'_>, read: &[(PathBuf, Text)], error: &sasso::Error) -> Error {
    let told = error.to_string();
    let place = told.lines().find_map(|line| {
        let (name, place) = line.trim().split_once("  ")?.0.rsplit_once(' ')?;
        let (line, column) = place.split_once(':')?;
        let file = stage.config.root.join(name);
        let (_, text) = read.iter().find(|(read, _)| *read == file)?;
        Some((text, line.parse::<usize>().ok()?, column.parse::<usize>().ok()?))
    });
    let Some((text, line, column)) = place else {
        return failed(error.message.clone());
    };
    let at = text.offset(line.saturating_sub(1), column.saturating_sub(1));
    text.error(text.word_at(at), error.message.clone()).into()
}

/// Where the sources write `reference`, each with its file.
pub(super) fn places<'a>(
    compiled: &'a Compiled,
    reference: &str,
) -> impl Iterator<Item = (&'a Path, &'a Text, Range<usize>)> {
    compiled.read.iter().filter_map(move |(file, text)| {
        let at = text.content().find(reference)?;
        Some((file.as_path(), text, at..at + reference.len()))
    })
}
