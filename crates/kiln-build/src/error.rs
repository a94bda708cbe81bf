//! What can go wrong in a build, with the file, the place and the mend.

use std::{fmt::Display, io, ops::Range, path::PathBuf, sync::Arc};

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode, SourceSpan};

/// The result of a build step.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a build failed. `build.rs` and `cargo kiln` render it; nothing else does.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A source is wrong at a known place.
    #[error(transparent)]
    Source(Box<SourceError>),

    /// A file or folder could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was tried: `read`, `write`, …
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },

    /// The tree of sources cannot be embedded as it is.
    #[error("{}: {problem}", path.display())]
    Tree {
        /// The offending file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
        /// What to do.
        mend: String,
    },

    /// npm packages are declared but could not be installed.
    #[error("the npm packages do not match package-lock.json, and `npm ci` {problem}")]
    Npm {
        /// How `npm ci` failed.
        problem: String,
    },

    /// The command of an external step failed.
    #[error("`{command}` {problem}{}{said}", if said.is_empty() { "" } else { ":\n" })]
    Step {
        /// The program and its arguments.
        command: String,
        /// How it failed.
        problem: String,
        /// The end of what it wrote.
        said: String,
    },

    /// A tool that runs inside the build failed in a way that names no source.
    #[error("{tool} failed: {problem}")]
    Tool {
        /// Which tool.
        tool: &'static str,
        /// What it said.
        problem: String,
        /// What to do.
        mend: Option<String>,
    },

    /// The build was called outside of a build script.
    #[error("the environment variable `{0}` is not set")]
    Environment(&'static str),

    /// Several things are wrong; each is told.
    #[error("the front end has {} errors", .0.len())]
    Several(Vec<Error>),
}

/// A mistake at a place in a source file.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct SourceError {
    message: String,
    source_code: NamedSource<Arc<str>>,
    span: SourceSpan,
    label: String,
    help: Option<String>,
}

// By hand: the macro for it would take a build that compiles nothing else for it a second.
impl Diagnostic for Error {
    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        let help: &str = match self {
            Self::Source(error) => return error.help(),
            Self::Io { .. } => "see that it is there, that this user may do so, and that the disk has room",
            Self::Tree { mend, .. } => mend,
            Self::Npm { .. } => {
                "install npm, which Kiln uses to download packages only; or run `npm ci` elsewhere and copy `node_modules` beside package.json"
            }
            Self::Step { .. } => {
                "mend what it says; the command stands in [[package.metadata.kiln.steps]] of Cargo.toml"
            }
            Self::Tool { mend, .. } => mend.as_deref()?,
            Self::Environment(_) => "call this from a build script, or make a `Config` by hand",
            Self::Several(_) => return None,
        };
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        if let Self::Source(error) = self { error.source_code() } else { None }
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        if let Self::Source(error) = self { error.labels() } else { None }
    }

    fn related<'a>(&'a self) -> Option<Box<dyn Iterator<Item = &'a dyn Diagnostic> + 'a>> {
        let Self::Several(errors) = self else { return None };
        Some(Box::new(errors.iter().map(|error| -> &dyn Diagnostic { error })))
    }
}

impl Diagnostic for SourceError {
    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        Some(Box::new(self.help.as_deref()?))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.source_code)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new_with_span(Some(self.label.clone()), self.span);
        Some(Box::new(std::iter::once(label)))
    }
}

/// A source text that diagnostics can point into.
#[derive(Clone, Debug)]
pub struct Text {
    name: Arc<str>,
    content: Arc<str>,
}

impl Text {
    /// Names `content` by its path relative to the project, so that messages are the same in any folder.
    pub fn new(name: impl Into<Arc<str>>, content: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), content: content.into() }
    }

    /// The content.
    #[must_use]
    pub fn content(&self) -> &str {
        &self.content
    }

    /// The name by which diagnostics call the file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The byte offset of a line and column, both counted from 0; the column in UTF-16 units, as CSS and
    /// script tools count.
    #[must_use]
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let start: usize = self.content.split_inclusive('\n').take(line).map(str::len).sum();
        let rest = self.content[start..].lines().next().unwrap_or_default();
        let mut units = 0;
        for (index, character) in rest.char_indices() {
            if units >= column {
                return start + index;
            }
            units += character.len_utf16();
        }
        start + rest.len()
    }

    /// The line and column of a byte offset, both counted from 1; the column in characters.
    #[must_use]
    pub fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.content.get(..offset).unwrap_or(&self.content);
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }

    /// The word or the quoted string that begins at `offset`; one character when none does.
    #[must_use]
    pub fn word_at(&self, offset: usize) -> Range<usize> {
        let rest = self.content.get(offset..).unwrap_or_default();
        if let Some(quote @ ('"' | '\'')) = rest.chars().next()
            && let Some(end) = rest[1..].find([quote, '\n'])
        {
            return offset..offset + end + 2;
        }
        let word = rest
            .find(|character: char| !(character.is_alphanumeric() || matches!(character, '_' | '-' | '$')))
            .unwrap_or(rest.len());
        let one = rest.chars().next().map_or(0, char::len_utf8);
        offset..offset + word.max(one)
    }

    /// An error at `span`.
    #[must_use]
    pub fn error(&self, span: Range<usize>, message: impl Into<String>) -> SourceError {
        SourceError {
            message: message.into(),
            source_code: NamedSource::new(&*self.name, Arc::clone(&self.content)),
            span: span.into(),
            label: "here".to_owned(),
            help: None,
        }
    }
}

impl SourceError {
    /// Says what is wrong right under the caret.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Says how to mend it.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl From<SourceError> for Error {
    fn from(error: SourceError) -> Self {
        Self::Source(Box::new(error))
    }
}

impl Error {
    /// An I/O error on `path`; for `map_err`.
    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Io { action, path, cause }
    }

    /// Fails when there are errors.
    pub(crate) fn all(errors: Vec<Self>) -> Result<()> {
        if errors.is_empty() { Ok(()) } else { Err(Self::several(errors)) }
    }

    /// One error stays itself; several are told together.
    pub(crate) fn several(errors: Vec<Self>) -> Self {
        let each = |error| match error {
            Self::Several(errors) => errors,
            one => vec![one],
        };
        let mut errors: Vec<Self> = errors.into_iter().flat_map(each).collect();
        if errors.len() == 1 { errors.remove(0) } else { Self::Several(errors) }
    }
}

/// The name of `candidates` nearest to `name`, as a help text.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(name.len()) / 2)
        .min()
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_utf16_units() {
        let text = Text::new("a.css", "é😀x\nyz");
        assert_eq!(text.offset(0, 3), "é😀".len());
        assert_eq!(text.offset(1, 1), "é😀x\ny".len());
        assert_eq!(text.offset(9, 9), text.content().len());
    }

    #[test]
    fn positions_are_those_of_editors() {
        let text = Text::new("a.css", "é😀x\nyz");
        assert_eq!([0, "é😀".len(), "é😀x\ny".len()].map(|at| text.position(at)), [(1, 1), (1, 3), (2, 2)]);
    }
}
