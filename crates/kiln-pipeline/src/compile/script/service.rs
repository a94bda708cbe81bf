//! The service of the plugin. Plugins of rolldown are `'static`; the service borrows the context, runs on a thread of its
//! own, and answers requests there.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::{Path, PathBuf},
    sync::mpsc::{Receiver, Sender, channel},
};

use kiln_manifest::{Exposure, LogicalPath};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use tokio::sync::oneshot;

use super::{
    environment::EnvironmentReads,
    glob::Globs,
    glob_code::GlobCode,
    glob_pattern::{Folders, Patterns},
    import_error::{Disconnected, ImportError},
    imported_style::ImportedStyle,
    mistake::Mistake,
    node_builtin::NodeBuiltins,
    standalone::is_standalone,
};
use crate::{
    Error, Result,
    compile::{context::Context, css::sheets::Mapped, file_reference::FileReference, style::Styles},
    reference::{Purpose, Reference, ReferenceSite, output_of, split_suffix},
    source::{Language, Source},
    text::Text,
};

/// Characters that would end a string literal, whichever quotes a minifier chooses.
const ENDS_STRING: AsciiSet =
    CONTROLS.add(b' ').add(b'"').add(b'\'').add(b'`').add(b'\\').add(b'$').add(b'{').add(b'}');

type ServiceCall = Box<dyn for<'a> FnOnce(&mut AssetService<'a>) + Send>;

/// A handle to the service: cheap to clone, and sendable to any thread.
#[derive(Clone, Debug)]
pub(super) struct Handle(Sender<Option<ServiceCall>>);

impl Handle {
    /// Runs `request` on the thread of the service.
    ///
    /// # Errors
    /// When the service has ended.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        request: impl for<'a> FnOnce(&mut AssetService<'a>) -> T + Send + 'static,
    ) -> Result<T, Disconnected> {
        let (reply, response) = oneshot::channel();
        let request: ServiceCall = Box::new(move |service| {
            // An error means that the build has failed, and the receiver is dropped.
            let _ = reply.send(request(service));
        });
        self.0.send(Some(request)).map_err(|_| Disconnected)?;
        response.await.map_err(|_| Disconnected)
    }
}

/// A guard that ends the service when it is dropped.
pub(super) struct ShutdownGuard(Handle);

impl Drop for ShutdownGuard {
    fn drop(&mut self) {
        // An error means that the service has ended already.
        let _ = self.0.0.send(None);
    }
}

/// The service of the plugin, with everything that it records.
pub(super) struct AssetService<'a> {
    styles: &'a Styles<'a>,
    pub(super) context: &'a Context<'a>,
    requests: Receiver<Option<ServiceCall>>,
    by_file: BTreeMap<&'a Path, &'a Source>,
    /// Files of scripts that are entries.
    entries: BTreeSet<PathBuf>,
    /// Files of scripts that workers run.
    pub(super) workers: BTreeSet<PathBuf>,
    pub(super) dependencies: Dependencies,
    pub(super) node_builtins: NodeBuiltins,
    pub(super) warnings: Vec<String>,
    pub(super) errors: Vec<Error>,
}

/// Dependencies of scripts beside modules.
#[derive(Clone, Debug, Default)]
pub(super) struct Dependencies {
    /// References by URL, with their places.
    references: Vec<(Reference, ReferenceSite)>,
    /// Style sheets among the references.
    pub(super) linked_styles: BTreeSet<LogicalPath>,
    /// Imported style sheets, by file.
    pub(super) sheets: BTreeMap<PathBuf, (Mapped, ImportedStyle)>,
    /// Files of packages among the references.
    files_of_packages: BTreeSet<PathBuf>,
    /// Files whose content is a value in a script.
    pub(super) contents: BTreeSet<PathBuf>,
    /// Whether a script contains the text of a style sheet.
    pub(super) has_inlined: bool,
    /// Globs, with the files that they have found.
    pub(super) globs: Vec<(Patterns, Vec<PathBuf>)>,
    /// Modules that make code from text, with the text before the first.
    pub(super) code_from_text: BTreeMap<PathBuf, String>,
    /// Reads of the environment.
    pub(super) reads: EnvironmentReads,
    /// Scripts of service workers.
    pub(super) service_workers: BTreeMap<LogicalPath, Source>,
    /// Scripts that are served unchanged, unless they are bundled as well.
    pub(super) copied: BTreeMap<LogicalPath, Source>,
}

impl Dependencies {
    /// The dependencies in another build; `None` when the names of a style sheet or the files of a glob have changed.
    pub(super) fn replay(mut self, styles: &Styles<'_>) -> Option<Self> {
        if self.globs.iter().any(|(patterns, files)| patterns.files() != *files) {
            return None;
        }
        if !self.copied.values().all(|source| is_standalone(&source.file)) {
            return None;
        }
        for (file, (css, style)) in &mut self.sheets {
            let (new_css, new_style) = ImportedStyle::compile(styles, file).ok()?;
            if *style != new_style {
                return None;
            }
            *css = new_css;
        }
        for file in &self.files_of_packages {
            styles.context.packages.source(file)?;
        }
        for (reference, site) in &self.references {
            styles.context.references.record(reference.clone(), site.clone());
        }
        Some(self)
    }
}

/// The use of the URL of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UrlUse {
    /// A worker or worklet runs the script, bundled as a module.
    Worker,
    /// Any other use: the file itself, where browsers can read it.
    File,
}

/// The target of a URL in a script.
pub(super) struct Target {
    pub(super) token: String,
    /// The name and the file of a script that has to become an entry.
    pub(super) entry: Option<(String, PathBuf)>,
    pub(super) is_script: bool,
}

impl<'a> AssetService<'a> {
    pub(super) fn new(styles: &'a Styles<'a>, entries: &[&Source]) -> (Self, Handle, ShutdownGuard) {
        let (sender, requests) = channel();
        let context = styles.context;
        let service = Self {
            styles,
            context,
            requests,
            by_file: context.sources.iter().map(|source| (source.file.as_path(), source)).collect(),
            entries: entries.iter().map(|source| source.file.clone()).collect(),
            workers: BTreeSet::new(),
            dependencies: Dependencies::default(),
            node_builtins: NodeBuiltins::default(),
            warnings: Vec::new(),
            errors: Vec::new(),
        };
        let handle = Handle(sender);
        (service, handle.clone(), ShutdownGuard(handle))
    }

    /// Answers requests until [`ShutdownGuard`] is dropped.
    pub(super) fn serve(&mut self) {
        while let Ok(Some(request)) = self.requests.recv() {
            request(self);
        }
    }

    /// The target of `new URL(written, import.meta.url)` in a script. `None` for another host, for a folder of a package,
    /// and for an error, which is reported after bundling.
    pub(super) fn url(
        &mut self,
        script: &Path,
        content: &str,
        place: Range<usize>,
        written: &str,
        url_use: UrlUse,
    ) -> Option<Target> {
        let (source, suffix, site) = self.resolved(script, content, (place, written), Purpose::Resource)?;
        Some(self.target(&source, suffix, site, url_use))
    }

    /// The file that `new URL(written, import.meta.url)` names, with the query and fragment.
    pub(super) fn resolved(
        &mut self,
        script: &Path,
        content: &str,
        (place, written): (Range<usize>, &str),
        purpose: Purpose,
    ) -> Option<(Source, String, ReferenceSite)> {
        let text = Text::new(self.context.config.name_of(script), content);
        let base = self.by_file.get(script).map(|source| &source.path);
        if base.is_none() && names_folder(written) {
            return None;
        }
        let reference =
            FileReference { file: script, base, text: &text, place: place.clone(), written, purpose };
        let found = reference.target(self.context);
        let (source, suffix) = self.recorded(found)?;
        let suffix = utf8_percent_encode(&suffix, &ENDS_STRING).to_string();
        Some((source, suffix, ReferenceSite::Source(text, place)))
    }

    /// The value of `result`. An error is recorded, and reported after bundling.
    fn recorded<T: Default>(&mut self, result: Result<T>) -> T {
        result.unwrap_or_else(|error| {
            self.errors.push(error);
            T::default()
        })
    }

    /// The target of an import for its URL.
    ///
    /// # Errors
    /// When the file is private, or outside of assets/ and of packages.
    pub(super) fn import(&mut self, file: &Path, url_use: UrlUse) -> Result<Target, ImportError> {
        let own = self.by_file.get(file).map(|&source| source.clone());
        let source = own.or_else(|| self.context.packages.source(file)).ok_or(ImportError::Outside)?;
        if source.exposure == Exposure::Private {
            return Err(ImportError::Private);
        }
        Ok(self.target(&source, String::new(), ReferenceSite::Generated, url_use))
    }

    /// Compiles an imported style sheet. Errors are reported after bundling.
    pub(super) fn sheet(&mut self, file: &Path) -> ImportedStyle {
        let compiled = ImportedStyle::compile(self.styles, file).map(|(css, style)| {
            self.dependencies.sheets.insert(file.to_owned(), (css, style.clone()));
            style
        });
        self.recorded(compiled)
    }

    /// The text of a style sheet in its served form.
    pub(super) fn inline_sheet(&mut self, file: &Path) -> String {
        self.dependencies.has_inlined = true;
        let css = self.styles.bundled(file).and_then(|css| self.styles.finish(css));
        self.recorded(css).text
    }

    /// Records that a module makes code from text, after `before`.
    pub(super) fn code_from_text(&mut self, module: String, before: String) {
        self.dependencies.code_from_text.insert(module.into(), before);
    }

    /// Records errors in a script, which are reported after bundling. Packages are not at fault for what Kiln does not
    /// support.
    pub(super) fn mistakes(&mut self, script: &Path, content: &str, mistakes: Vec<Mistake>) {
        if mistakes.is_empty() || !self.by_file.contains_key(script) {
            return;
        }
        let text = Text::new(self.context.config.name_of(script), content);
        let errors = mistakes.into_iter().map(|Mistake { place, message, label, help }| {
            text.error(place, message).with_label(label).with_help(help).into()
        });
        self.errors.extend(errors);
    }

    /// The code that replaces the globs of a script, and the targets of its URLs.
    pub(super) fn globs(&mut self, globs: Globs, script: &Path, content: &str) -> (GlobCode, Vec<Target>) {
        let root = self.context.config.assets();
        let base = script.parent().unwrap_or(script);
        let mut targets = Vec::new();
        let url = |place, name: &str| {
            let target = self.url(script, content, place, name, UrlUse::File)?;
            let token = target.token.clone();
            targets.push(target);
            Some(token)
        };
        let (mut code, mistakes) = GlobCode::new(globs, script, Folders { base, root: &root }, url);
        self.dependencies.globs.append(&mut code.found);
        self.mistakes(script, content, mistakes);
        (code, targets)
    }

    pub(super) fn target(
        &mut self,
        source: &Source,
        suffix: String,
        site: ReferenceSite,
        url_use: UrlUse,
    ) -> Target {
        let is_script = source.language == Language::Script;
        let is_copied = is_script && url_use == UrlUse::File && is_standalone(&source.file);
        if is_copied {
            self.dependencies.copied.insert(source.path.clone(), source.clone());
        } else if is_script && url_use == UrlUse::Worker {
            self.workers.insert(source.file.clone());
        }
        if source.language == Language::Style && self.by_file.contains_key(source.file.as_path()) {
            self.dependencies.linked_styles.insert(source.path.clone());
        }
        let is_new = is_script && !is_copied && self.entries.insert(source.file.clone());
        let reference = Reference::url_with(output_of(source), suffix);
        Target {
            token: self.token(source, reference, site),
            entry: is_new.then(|| (entry_name(source), source.file.clone())),
            is_script,
        }
    }

    /// The token of a reference to the output of `source`.
    pub(super) fn token(&mut self, source: &Source, reference: Reference, site: ReferenceSite) -> String {
        if !self.by_file.contains_key(source.file.as_path()) {
            self.dependencies.files_of_packages.insert(source.file.clone());
        }
        self.dependencies.references.push((reference.clone(), site.clone()));
        self.context.references.record(reference, site)
    }
}

/// Whether a URL names a folder, by its last part.
fn names_folder(written: &str) -> bool {
    let (name, _) = split_suffix(written);
    name.ends_with('/') || Path::new(name).extension().is_none()
}

/// The name of an entry in rolldown.
pub(super) fn entry_name(entry: &Source) -> String {
    output_of(entry).as_str().trim_end_matches(".js").replace('/', "-")
}
