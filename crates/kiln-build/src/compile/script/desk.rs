//! Where the plugin asks. rolldown lets its plugins borrow nothing; what borrows the stage stays on a thread of its
//! own, and answers there.

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
    import::Refusal,
    sheet::{self, Sheet},
    variables::Reads,
};
use crate::{
    Error,
    compile::{Stage, mapped::Mapped, style},
    discover::{Language, Source},
    error::Text,
    reference::{Origin, Reference},
    resolve::{Purpose, output_of},
};

/// What would end a string literal, whichever quotes a minifier chooses.
const ENDS_STRING: AsciiSet =
    CONTROLS.add(b' ').add(b'"').add(b'\'').add(b'`').add(b'\\').add(b'$').add(b'{').add(b'}');

type Question = Box<dyn for<'a> FnOnce(&mut Desk<'a>) + Send>;

/// The plugin's side: cheap to clone, and sendable to any thread.
#[derive(Clone, Debug)]
pub(super) struct Window(Sender<Option<Question>>);

/// The answering thread has ended, which it does only after rolldown.
#[derive(Debug, thiserror::Error)]
#[error("the build has ended")]
pub(super) struct Closed;

impl Window {
    /// Has `question` answered by the desk's thread.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl for<'a> FnOnce(&mut Desk<'a>) -> T + Send + 'static,
    ) -> Result<T, Closed> {
        let (reply, answer) = oneshot::channel();
        let question: Question = Box::new(move |desk| {
            // Nobody waits for the answer of a build that has failed meanwhile.
            let _ = reply.send(question(desk));
        });
        self.0.send(Some(question)).map_err(|_| Closed)?;
        answer.await.map_err(|_| Closed)
    }
}

/// Ends the answering when it is dropped, however rolldown ended.
pub(super) struct Closing(Window);

impl Drop for Closing {
    fn drop(&mut self) {
        // A desk that is gone need not be told.
        let _ = self.0.0.send(None);
    }
}

/// The stage's side: what it answers from, and what the questions told it.
pub(super) struct Desk<'a> {
    stage: &'a Stage<'a>,
    questions: Receiver<Option<Question>>,
    by_file: BTreeMap<&'a Path, &'a Source>,
    /// Scripts that are entries already.
    entries: BTreeSet<PathBuf>,
    pub(super) told: Told,
    pub(super) warnings: Vec<String>,
    pub(super) errors: Vec<Error>,
}

/// What the questions told.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    /// What scripts refer to by URL, and where.
    references: Vec<(Reference, Origin)>,
    /// Style sheets among that.
    pub(super) linked: BTreeSet<LogicalPath>,
    /// Each style sheet that a script imports, by its file.
    pub(super) sheets: BTreeMap<PathBuf, (Mapped, Sheet)>,
    /// The text of a style sheet stands in a script.
    pub(super) has_inlined: bool,
    /// What scripts read of the environment.
    pub(super) reads: Reads,
}

impl Told {
    /// What the same questions would tell in another build. None when an answer would be another one.
    pub(super) fn again(mut self, stage: &Stage<'_>) -> Option<Self> {
        for (file, (css, sheet)) in &mut self.sheets {
            let (css_now, sheet_now) = sheet::compile(stage, file).ok()?;
            if *sheet != sheet_now {
                return None;
            }
            *css = css_now;
        }
        for (reference, origin) in &self.references {
            stage.references.record(reference.clone(), origin.clone());
        }
        Some(self)
    }
}

/// What a URL in a script means.
pub(super) struct Target {
    pub(super) token: String,
    /// A script that has to become an entry of its own, under this name, when it is not one yet.
    pub(super) entry: Option<(String, PathBuf)>,
    pub(super) is_script: bool,
}

impl<'a> Desk<'a> {
    pub(super) fn open(stage: &'a Stage<'a>, entries: &[&Source]) -> (Self, Window, Closing) {
        let (sender, questions) = channel();
        let desk = Self {
            stage,
            questions,
            by_file: stage.sources.iter().map(|source| (source.file.as_path(), source)).collect(),
            entries: entries.iter().map(|source| source.file.clone()).collect(),
            told: Told::default(),
            warnings: Vec::new(),
            errors: Vec::new(),
        };
        let window = Window(sender);
        (desk, window.clone(), Closing(window))
    }

    /// Answers until [`Closing`] is dropped.
    pub(super) fn serve(&mut self) {
        while let Ok(Some(question)) = self.questions.recv() {
            question(self);
        }
    }

    /// `new URL(written, import.meta.url)` in a script. None when it leads out of the tree, and when it is
    /// wrong: that is told when the bundle is done.
    pub(super) fn url(
        &mut self,
        script: &Path,
        content: &str,
        place: Range<usize>,
        written: &str,
    ) -> Option<Target> {
        let Some(source) = self.by_file.get(script) else {
            self.warn_of_package(script, written);
            return None;
        };
        let base = &source.path;
        let text = Text::new(self.stage.config.name_of(script), content);
        let here = (&text, place.clone());
        match self.stage.tree.resolve(base, written, Purpose::Resource, here) {
            Ok(found) => found.map(|(source, suffix)| {
                let suffix = utf8_percent_encode(&suffix, &ENDS_STRING).to_string();
                self.target(source, suffix, Origin::Written(text.clone(), place))
            }),
            Err(error) => {
                self.errors.push(error);
                None
            }
        }
    }

    /// Nothing outside of assets/ is embedded, so such a URL leads nowhere.
    fn warn_of_package(&mut self, script: &Path, written: &str) {
        let name = written.split(['?', '#']).next().unwrap_or_default();
        if script.parent().is_some_and(|folder| folder.join(name).is_file()) {
            self.warnings.push(format!(
                "{} names `{written}` by URL, which is not embedded: copy the file below assets/, and give its \
                 URL to the package if it takes one",
                self.stage.config.name_of(script)
            ));
        }
    }

    /// The URL of a file that a script imports for its URL.
    pub(super) fn import(&mut self, file: &Path) -> Result<Target, Refusal> {
        let source = self.by_file.get(file).copied().ok_or(Refusal::Outside)?;
        if source.exposure == Exposure::Private {
            return Err(Refusal::Private);
        }
        Ok(self.target(source, String::new(), Origin::Derived))
    }

    /// Compiles a style sheet that a script imports. A mistake in it is told when the bundle is done.
    pub(super) fn sheet(&mut self, file: &Path) -> Sheet {
        match sheet::compile(self.stage, file) {
            Ok((css, sheet)) => {
                self.told.sheets.insert(file.to_owned(), (css, sheet.clone()));
                sheet
            }
            Err(error) => {
                self.errors.push(error);
                Sheet::default()
            }
        }
    }

    /// The text of a style sheet as it would be served.
    pub(super) fn inline_sheet(&mut self, file: &Path) -> String {
        self.told.has_inlined = true;
        let css = style::plain(self.stage, file).and_then(|css| style::finished(self.stage, css));
        match css {
            Ok(css) => css.text,
            Err(error) => {
                self.errors.push(error);
                String::new()
            }
        }
    }

    /// A mistake in a script, told when the bundle is done.
    pub(super) fn mistake(&mut self, script: &Path, content: &str, place: Range<usize>, what: [&str; 3]) {
        if self.by_file.contains_key(script) {
            let [message, label, help] = what;
            let text = Text::new(self.stage.config.name_of(script), content);
            self.errors.push(text.error(place, message).with_label(label).with_help(help).into());
        }
    }

    fn target(&mut self, source: &'a Source, suffix: String, origin: Origin) -> Target {
        let is_script = source.language == Language::Script;
        if source.language == Language::Style {
            self.told.linked.insert(source.path.clone());
        }
        let is_new = is_script && self.entries.insert(source.file.clone());
        let reference = Reference::url_with(output_of(source), suffix);
        self.told.references.push((reference.clone(), origin.clone()));
        Target {
            token: self.stage.references.record(reference, origin),
            entry: is_new.then(|| (super::entry_name(source), source.file.clone())),
            is_script,
        }
    }
}
