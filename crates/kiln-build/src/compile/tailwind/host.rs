//! Files for the engine: style sheets and modules, found as npm packages declare them.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use oxc_resolver::{ResolveOptions, Resolver};
use serde::{Deserialize, Serialize};

use super::{
    conversation::{Answer, Question},
    engine::Job,
    plugin, theme_values,
};
use crate::{
    Error, Result,
    compile::{
        Stage,
        candidates::Sources,
        style::{Marked, is_wanted},
    },
};

/// The other side of the engine's questions.
pub(super) struct Host<'a> {
    stage: &'a Stage<'a>,
    engine: Resolver,
    modules: Resolver,
    sheets: Resolver,
    /// The entry, and every other style sheet that the engine got.
    pub(super) read: Vec<Marked>,
    /// Rules of the entry that are printed apart.
    pub(super) plain: Option<Marked>,
    /// What was answered in this build: a question is asked of a recording first, and then by the engine.
    answers: HashMap<Question, Answer>,
    /// A mistake found while answering; better than what the engine makes of it.
    pub(super) failure: Option<Error>,
    /// Whether a plugin reads a value for which a mark stands.
    pub(super) is_value_read: bool,
}

/// What the engine says of a sheet that it has compiled.
#[derive(Deserialize)]
struct Plan {
    sources: Vec<SourcePattern>,
    root: Option<Root>,
}

/// `@source` and `@source not`.
#[derive(Deserialize)]
struct SourcePattern {
    base: PathBuf,
    pattern: String,
    negated: bool,
}

/// A file that the engine has asked for.
#[derive(Serialize)]
struct Found<'a> {
    path: &'a Path,
    base: Option<&'a Path>,
    content: &'a str,
}

/// Where classes are looked for beside `@source`; the whole package when absent.
#[derive(Deserialize)]
#[serde(untagged)]
enum Root {
    /// `source("…")`.
    Folder { base: PathBuf, pattern: String },
    /// `source(none)`.
    Nowhere(serde::de::IgnoredAny),
}

/// How the files of plugins and configurations may end, when the name leaves it out.
const MODULES: [&str; 7] = [".js", ".json", ".mjs", ".cjs", ".ts", ".mts", ".cts"];

impl<'a> Host<'a> {
    pub(super) fn new(stage: &'a Stage<'a>, entry: Marked, plain: Option<Marked>) -> Self {
        Self {
            stage,
            engine: resolver(&["require", "node", "default"], &["main"], &[".js", ".cjs"]),
            modules: resolver(&["node", "import", "require", "default"], &["main"], &MODULES),
            sheets: resolver(&["style"], &["style"], &[".css"]),
            read: vec![entry],
            plain,
            answers: HashMap::new(),
            failure: None,
            is_value_read: false,
        }
    }

    /// What the engine has to do.
    pub(super) fn job(&self) -> Result<Job> {
        let entry = &self.read[0];
        let folder = entry.file.parent().unwrap_or(&self.stage.config.root);
        let engine = self.engine()?;
        Ok(Job {
            source: std::fs::read_to_string(&engine).map_err(Error::io("read", &engine))?,
            engine: engine.to_string_lossy().into_owned(),
            css: entry.css.clone(),
            path: entry.file.to_string_lossy().into_owned(),
            base: folder.to_string_lossy().into_owned(),
            is_mapped: is_wanted(self.stage),
            is_parted: self.plain.is_some(),
        })
    }

    /// The engine's `CommonJS` build.
    fn engine(&self) -> Result<PathBuf> {
        resolve(&self.engine, &self.stage.config.root, "tailwindcss").map_err(|problem| Error::Tool {
            tool: "Tailwind",
            problem,
            mend: Some("add the engine to package.json: `npm install tailwindcss`".to_owned()),
        })
    }

    pub(super) fn answer(&mut self, question: &Question) -> Answer {
        if let Some(answer) = self.answers.get(question) {
            return answer.clone();
        }
        let answer = self.find(question);
        self.answers.insert(question.clone(), answer.clone());
        answer
    }

    fn find(&mut self, question: &Question) -> Answer {
        match question {
            Question::Module { id, base } => self.module(id, Path::new(base)),
            Question::StyleSheet { id, base } => self.sheet(id, Path::new(base)),
            Question::Plain => Ok(self.plain.as_ref().map(|plain| plain.css.clone()).unwrap_or_default()),
            Question::Candidates { plan } => self.candidates(plan).map_err(|error| self.fail(error)),
            Question::ValueIsRead => self.refuse(),
            Question::Warning { text } if text.contains(theme_values::NAME) => self.refuse(),
            Question::Warning { text } => {
                self.stage.warn([text.clone()]);
                Ok(String::new())
            }
        }
    }

    fn refuse(&mut self) -> Answer {
        self.is_value_read = true;
        Err("a plugin reads a value that is kept from it".to_owned())
    }

    fn sheet(&mut self, id: &str, base: &Path) -> Result<String, String> {
        let path = resolve(&self.sheets, base, id)
            .map_err(|problem| self.missing(id, "no such style sheet", problem))?;
        let sheet = Marked::read(self.stage, &path).map_err(|error| self.fail(error))?;
        let answer = found(&path, &sheet.css);
        self.read.push(sheet);
        answer
    }

    fn module(&mut self, id: &str, base: &Path) -> Result<String, String> {
        let path = resolve(&self.modules, base, id)
            .map_err(|problem| self.missing(id, "no such module", problem))?;
        let code = plugin::bundled(self.stage, &path).map_err(|error| self.fail(error))?;
        found(&path, &code)
    }

    fn missing(&mut self, id: &str, label: &str, problem: String) -> String {
        let place = self.read.iter().find_map(|sheet| {
            let at = sheet.text.content().find(id)?;
            let error = sheet.text.error(at..at + id.len(), format!("`{id}` cannot be found"));
            Some(
                error
                    .with_label(label)
                    .with_help("mend the path, or add the package to package.json: `npm install NAME`"),
            )
        });
        match place {
            Some(error) => self.fail(error.into()),
            None => problem,
        }
    }

    fn candidates(&self, plan: &str) -> Result<String> {
        let unread = |error: serde_json::Error| super::failed(error.to_string());
        let plan: Plan = serde_json::from_str(plan).map_err(unread)?;
        let mut sources = Sources::new(&self.stage.config.root);
        match plan.root {
            None => sources.include(&self.stage.config.root, ".")?,
            Some(Root::Folder { base, pattern }) => sources.include(&base, &pattern)?,
            Some(Root::Nowhere(_)) => {}
        }
        for source in plan.sources {
            let added = if source.negated {
                sources.exclude(&source.base, &source.pattern)
            } else {
                sources.include(&source.base, &source.pattern)
            };
            added.map_err(|error| self.where_written(&source.pattern, error))?;
        }
        if let Some((folder, name)) =
            self.read.first().and_then(|entry| entry.file.parent().zip(entry.file.file_name()))
        {
            sources.include(folder, &globset::escape(&name.to_string_lossy()))?;
        }
        self.stage.watch(sources.watched().chain(sources.rules_of_git()).chain(sources.files()?));
        serde_json::to_string(&sources.candidates()?).map_err(unread)
    }

    /// An error about something that a style sheet writes, at its place.
    fn where_written(&self, written: &str, error: Error) -> Error {
        let Error::Tool { problem, mend, .. } = &error else { return error };
        let place = self.read.iter().find_map(|sheet| Some((sheet, sheet.text.content().find(written)?)));
        let Some((sheet, at)) = place else { return error };
        let told = sheet.text.error(at..at + written.len(), problem.clone());
        mend.iter().fold(told, |told, mend| told.with_help(mend.clone())).into()
    }

    /// Keeps the first mistake; the engine gets its text.
    fn fail(&mut self, error: Error) -> String {
        let text = error.to_string();
        self.failure.get_or_insert(error);
        text
    }
}

fn found(path: &Path, content: &str) -> Answer {
    serde_json::to_string(&Found { path, base: path.parent(), content }).map_err(|error| error.to_string())
}

fn resolver(conditions: &[&str], fields: &[&str], extensions: &[&str]) -> Resolver {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Resolver::new(ResolveOptions {
        condition_names: owned(conditions),
        main_fields: owned(fields),
        extensions: owned(extensions),
        main_files: vec!["index".to_owned()],
        prefer_relative: true,
        ..ResolveOptions::default()
    })
}

fn resolve(resolver: &Resolver, base: &Path, id: &str) -> Result<PathBuf, String> {
    resolver.resolve(base, id).map(oxc_resolver::Resolution::into_path_buf).map_err(|error| error.to_string())
}
