//! Errors of a build, with file, place and help.

use std::{collections::BTreeSet, fmt::Display, io, ops::Range, path::PathBuf, sync::Arc};

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode, SourceSpan};

/// The result of a build step.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of a build. Only `build.rs` and `cargo kiln` render it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A mistake in a source, at a known place.
    #[error(transparent)]
    Source(Box<SourceError>),

    /// A file or folder could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// The operation that failed: `read`, `write`, …
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        #[source]
        cause: io::Error,
    },

    /// A file or folder that cannot be embedded, without a place in a text.
    #[error("{}: {problem}", path.display())]
    Tree {
        /// The offending file.
        path: PathBuf,
        /// The mistake.
        problem: String,
        /// The way to fix it.
        help: String,
    },

    /// npm packages are declared but could not be installed.
    #[error("{problem}")]
    Packages {
        /// The failure of the package manager.
        problem: String,
        /// The way to fix it.
        help: String,
    },

    /// The command of an external step failed.
    #[error("`{command}` {problem}{}{log}", if log.is_empty() { "" } else { ":\n" })]
    Step {
        /// The program and its arguments.
        command: String,
        /// The failure.
        problem: String,
        /// The last lines that the command wrote.
        log: String,
    },

    /// A tool that runs inside the build failed without naming a source.
    #[error("{tool} failed: {problem}")]
    Tool {
        /// The name of the tool.
        tool: &'static str,
        /// The message of the tool.
        problem: String,
        /// The way to fix it.
        help: Option<String>,
    },

    /// The build was called outside of a build script.
    #[error("the environment variable `{0}` is not set")]
    Environment(&'static str),

    /// Several errors, each of which is reported.
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

// Written by hand: the derive macro would add a second to the compile time.
impl Diagnostic for Error {
    fn help<'a>(&'a self) -> Option<Box<dyn Display + 'a>> {
        let help: &str = match self {
            Self::Source(error) => return error.help(),
            Self::Io { .. } => {
                "check that the path exists, that this user has permission, and that the disk has room"
            }
            Self::Tree { help, .. } | Self::Packages { help, .. } => help,
            Self::Step { .. } => {
                "fix the command in [[package.metadata.kiln.steps]] of Cargo.toml, or the errors that it reports"
            }
            Self::Tool { help, .. } => help.as_deref()?,
            Self::Environment(_) => "call `build_script` from a build script",
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

impl SourceError {
    /// An error at `span` of a source, in bytes.
    #[must_use]
    pub fn new(source_code: NamedSource<Arc<str>>, span: Range<usize>, message: String) -> Self {
        Self { message, source_code, span: span.into(), label: "here".to_owned(), help: None }
    }

    /// The message with its place.
    fn key(&self) -> (String, usize, String) {
        (self.source_code.name().to_owned(), self.span.offset(), self.message.clone())
    }

    /// Sets the text below the marked span.
    #[must_use]
    pub fn with_label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Sets the way to fix it.
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
    pub fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |cause| Self::Io { action, path, cause }
    }

    /// Fails when there are errors.
    pub(crate) fn all(errors: Vec<Self>) -> Result<()> {
        if errors.is_empty() { Ok(()) } else { Err(Self::several(errors)) }
    }

    /// All values, or every error.
    pub(crate) fn collect<T>(results: impl IntoIterator<Item = Result<T>>) -> Result<Vec<T>> {
        let mut values = Vec::new();
        let mut errors = Vec::new();
        for result in results {
            match result {
                Ok(value) => values.push(value),
                Err(error) => errors.push(error),
            }
        }
        Self::all(errors)?;
        Ok(values)
    }

    /// Both values, or the errors of both.
    pub(crate) fn both<A, B>(one: Result<A>, other: Result<B>) -> Result<(A, B)> {
        match (one, other) {
            (Ok(one), Ok(other)) => Ok((one, other)),
            (one, other) => Err(Self::several([one.err(), other.err()].into_iter().flatten().collect())),
        }
    }

    /// One error as itself, or several as [`Error::Several`].
    pub(crate) fn several(errors: Vec<Self>) -> Self {
        let each = |error| match error {
            Self::Several(errors) => errors,
            one => vec![one],
        };
        let mut errors: Vec<Self> = errors.into_iter().flat_map(each).collect();
        // A mistake in a part of several pages is found in each of them.
        let mut told = BTreeSet::new();
        errors.retain(|error| match error {
            Self::Source(error) => told.insert(error.key()),
            _ => true,
        });
        if errors.len() == 1 { errors.remove(0) } else { Self::Several(errors) }
    }
}

/// The candidate nearest to `name`, as a help text.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.len().max(name.len()) / 2)
        .min()
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
}
