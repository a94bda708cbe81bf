//! The host of an engine: style sheets and modules for its requests, resolved by the exports of npm packages.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use oxc_resolver::Resolver;
use serde::{Deserialize, Serialize};

use super::{
    diagnostics::error_at,
    error::failed,
    plugin,
    protocol::{Job, Request, Response},
    scanner::{ClassSources, candidates, check_version},
};
use crate::{
    Error, Result,
    compile::{
        context::Context,
        css::sheets::Sheet,
        loadable::{check_loadable, unsupported, with_ways_out},
        package::{resolver, style_resolver},
    },
    config::DECLARATIONS,
    reference::Purpose,
};

/// The host of an engine for one style sheet.
pub(super) struct Host<'a> {
    context: &'a Context<'a>,
    engine: Resolver,
    modules: Resolver,
    style_sheets: Resolver,
    /// The entry, and every other style sheet that the engine has requested.
    pub(super) sheets: Vec<Sheet>,
    /// Responses of this build, cached: a request comes from a recording first, and then from the engine.
    responses: HashMap<Request, Response>,
    /// The first error of a response, which is more precise than the engine's exception about it.
    pub(super) failure: Option<Error>,
}

/// The sources of candidates for a compiled sheet.
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

/// A file that the engine has requested.
#[derive(Serialize)]
struct FoundFile<'a> {
    path: &'a Path,
    base: Option<&'a Path>,
    content: &'a str,
}

/// The folder that is scanned for candidates beside `@source`; the whole package by default.
#[derive(Deserialize)]
#[serde(untagged)]
enum Root {
    /// `source("…")`.
    Folder { base: PathBuf, pattern: String },
    /// `source(none)`.
    Nowhere(serde::de::IgnoredAny),
}

/// Extensions of plugins and configurations that an import may omit.
const MODULES: [&str; 7] = [".js", ".json", ".mjs", ".cjs", ".ts", ".mts", ".cts"];

impl<'a> Host<'a> {
    pub(super) fn new(context: &'a Context<'a>, entry: Sheet) -> Self {
        Self {
            context,
            engine: resolver(&["require", "node", "default"], &["main"], &[".js", ".cjs"]),
            modules: resolver(&["node", "import", "require", "default"], &["main"], &MODULES),
            style_sheets: style_resolver(context.config),
            sheets: vec![entry],
            responses: HashMap::new(),
            failure: None,
        }
    }

    /// The job for the engine.
    ///
    /// # Errors
    /// When Tailwind is not installed, or cannot be read.
    pub(super) fn job(&self) -> Result<Job> {
        let entry = &self.sheets[0];
        check_imports(self.context, entry)?;
        let folder = entry.file.parent().unwrap_or(&self.context.config.root);
        let engine = self.engine()?;
        self.context.track([engine.clone()]);
        self.context.warn(package_file(&engine).and_then(|file| check_version(&file)));
        Ok(Job {
            source: std::fs::read_to_string(&engine).map_err(Error::io("read", &engine))?,
            engine: engine.to_string_lossy().into_owned(),
            css: entry.css().to_owned(),
            path: entry.file.to_string_lossy().into_owned(),
            base: folder.to_string_lossy().into_owned(),
            is_mapped: self.context.config.maps_styles(),
        })
    }

    /// The file of Tailwind's `CommonJS` build.
    fn engine(&self) -> Result<PathBuf> {
        resolve(&self.engine, &self.context.config.root, "tailwindcss").map_err(|problem| Error::Tool {
            tool: "Tailwind",
            problem,
            help: Some("add Tailwind to package.json: `npm install tailwindcss`".to_owned()),
        })
    }

    pub(super) fn respond(&mut self, request: &Request) -> Response {
        if let Some(response) = self.responses.get(request) {
            return response.clone();
        }
        let response = self.find(request);
        self.responses.insert(request.clone(), response.clone());
        response
    }

    fn find(&mut self, request: &Request) -> Response {
        match request {
            Request::Module { id, base } => self.module(id, Path::new(base)),
            Request::StyleSheet { id, base } => self.sheet(id, Path::new(base)),
            Request::Candidates { plan } => self.candidates(plan).map_err(|error| self.fail(error)),
            Request::Warning { text } => {
                self.context.warn([text.clone()]);
                Ok(String::new())
            }
        }
    }

    fn sheet(&mut self, id: &str, base: &Path) -> Result<String, String> {
        let path = resolve(&self.style_sheets, base, id)
            .map_err(|problem| self.missing(id, "style sheet not found", problem))?;
        if let Some(message) = unsupported(&path) {
            return Err(match error_at(&self.sheets, id, message.clone()) {
                Some(error) => self.fail(with_ways_out(error).into()),
                None => message,
            });
        }
        let sheet = Sheet::read(self.context, &path).map_err(|error| self.fail(error))?;
        check_imports(self.context, &sheet).map_err(|error| self.fail(error))?;
        let response = found(&path, sheet.css());
        self.sheets.push(sheet);
        response
    }

    fn module(&mut self, id: &str, base: &Path) -> Result<String, String> {
        let path = resolve(&self.modules, base, id)
            .map_err(|problem| self.missing(id, "module not found", problem))?;
        let code = plugin::bundled(self.context, &path).map_err(|error| self.fail(error))?;
        found(&path, &code)
    }

    fn missing(&mut self, id: &str, label: &str, problem: String) -> String {
        let help = "fix the path, or install the package: `npm install NAME`";
        match error_at(&self.sheets, id, format!("cannot resolve `{id}`")) {
            Some(error) => self.fail(error.with_label(label).with_help(help).into()),
            None => problem,
        }
    }

    fn candidates(&self, plan: &str) -> Result<String> {
        let plan: Plan = serde_json::from_str(plan).map_err(failed)?;
        let mut sources = ClassSources::new(&self.context.config.root);
        match plan.root {
            None => sources.include(&self.context.config.root, ".")?,
            Some(Root::Folder { base, pattern }) => sources.include(&base, &pattern)?,
            Some(Root::Nowhere(_)) => {}
        }
        for source in plan.sources {
            let added = if source.negated {
                sources.exclude(&source.base, &source.pattern)
            } else {
                sources.include(&source.base, &source.pattern)
            };
            added.map_err(|error| self.at_pattern(&source.pattern, error))?;
        }
        if let Some((folder, name)) =
            self.sheets.first().and_then(|entry| entry.file.parent().zip(entry.file.file_name()))
        {
            sources.include(folder, &globset::escape(&name.to_string_lossy()))?;
        }
        // A pattern may name every script.
        sources.exclude(&self.context.config.root, DECLARATIONS)?;
        let files = sources.files()?;
        let candidates = candidates(&files);
        self.context.track(sources.watched().chain(sources.rules_of_git()).chain(files));
        serde_json::to_string(&candidates?).map_err(failed)
    }

    /// An error about a pattern of `@source`, at its place in a style sheet.
    fn at_pattern(&self, pattern: &str, error: Error) -> Error {
        let Error::Tool { problem, help, .. } = &error else { return error };
        let Some(located) = error_at(&self.sheets, pattern, problem.clone()) else { return error };
        help.iter().fold(located, |located, help| located.with_help(help.clone())).into()
    }

    /// Records the first error, and returns its message for the engine.
    fn fail(&mut self, error: Error) -> String {
        let text = error.to_string();
        self.failure.get_or_insert(error);
        text
    }
}

/// Checks the language of own style sheets that `sheet` imports, also by `url()`, which the engine leaves alone.
///
/// # Errors
/// When no build compiles the language.
fn check_imports(context: &Context<'_>, sheet: &Sheet) -> Result<()> {
    let own = sheet.path.as_ref().into_iter().flat_map(|base| {
        let own = sheet.imports.iter();
        own.filter_map(|(place, written)| {
            let here = (&sheet.text, place.clone());
            // An import of a package is found by the engine.
            let found = context.tree.resolve(base, written, Purpose::Resource, here).ok()?;
            found.map(|(source, _)| (place.clone(), source))
        })
    });
    Error::all(
        own.filter_map(|(place, source)| check_loadable(&sheet.text, place, &source.file).err()).collect(),
    )
}

fn found(path: &Path, content: &str) -> Response {
    serde_json::to_string(&FoundFile { path, base: path.parent(), content })
        .map_err(|error| error.to_string())
}

/// The `package.json` of the package in which `module` lies.
fn package_file(module: &Path) -> Option<PathBuf> {
    module.ancestors().map(|folder| folder.join("package.json")).find(|file| file.is_file())
}

fn resolve(resolver: &Resolver, base: &Path, id: &str) -> Result<PathBuf, String> {
    resolver.resolve(base, id).map(oxc_resolver::Resolution::into_path_buf).map_err(|error| error.to_string())
}
