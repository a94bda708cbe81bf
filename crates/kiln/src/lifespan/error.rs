//! Errors between the opening of the first resource and the closing of the last.

use std::{fmt, time::Duration};

use crate::{exit::Exit, migrate::MigrateError};

/// An error of any type, as adopters' code returns it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The reason why an application did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartUpError {
    /// A resource did not open.
    #[error("resource `{resource}` {failure}")]
    Resource {
        /// The name that it was opened by.
        resource: String,
        /// The failure.
        #[source]
        failure: Failure,
    },
    /// The start function panicked between two resources.
    #[error("the start function panicked: {0}")]
    Panic(String),
    /// The database's schema does not fit this executable.
    #[error(transparent)]
    Schema(#[from] MigrateError),
}

impl StartUpError {
    /// The exit code for this error. A schema that does not fit keeps its own code also when it was found
    /// while a resource opened; a start cancelled by a stop signal is a clean exit.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Schema(error) => error.exit(),
            Self::Resource { failure: Failure::Cancelled, .. } => Exit::Clean,
            Self::Resource { failure: Failure::Error(source), .. } => {
                source.downcast_ref::<MigrateError>().map_or(Exit::StartUp, MigrateError::exit)
            }
            Self::Resource { .. } | Self::Panic(_) => Exit::StartUp,
        }
    }
}

/// The end of an adopter's future that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// An error was returned.
    #[error("failed: {0}")]
    Error(#[source] BoxError),
    /// A panic.
    #[error("panicked: {0}")]
    Panic(String),
    /// The deadline passed, and the future was dropped.
    #[error("timed out after {0:?}")]
    TimedOut(Duration),
    /// A stop was asked for, and the future was dropped.
    #[error("was cancelled by a request to stop")]
    Cancelled,
    /// A task returned before it was asked to stop.
    #[error("returned before it was asked to stop")]
    Returned,
}

/// A resource that did not close.
#[derive(Debug, thiserror::Error)]
#[error("closing `{resource}` {failure}")]
pub struct CloseError {
    /// The name that it was opened by.
    pub resource: String,
    /// The failure.
    #[source]
    pub failure: Failure,
}

/// A required task that died.
#[derive(Debug, thiserror::Error)]
#[error("required task `{task}` {failure}")]
pub struct TaskDied {
    /// The name that it was spawned by.
    pub task: String,
    /// The failure.
    #[source]
    pub failure: Failure,
}

/// The resources that did not close, in the order in which they were tried. The text is empty or continues a
/// sentence.
#[derive(Debug, Default)]
pub struct Unclosed(Vec<CloseError>);

impl Unclosed {
    pub(super) fn push(&mut self, error: CloseError) {
        self.0.push(error);
    }

    /// Whether everything closed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each failure.
    #[must_use]
    pub fn errors(&self) -> &[CloseError] {
        &self.0
    }
}

impl fmt::Display for Unclosed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|error| write!(f, "; {error}"))
    }
}

/// The value that a close may return: nothing, or a result with any error.
pub trait CloseOutcome: sealed::Sealed {
    /// The outcome as a result.
    ///
    /// # Errors
    /// When the close failed.
    fn into_result(self) -> Result<(), BoxError>;
}

impl CloseOutcome for () {
    fn into_result(self) -> Result<(), BoxError> {
        Ok(())
    }
}

impl<E: Into<BoxError>> CloseOutcome for Result<(), E> {
    fn into_result(self) -> Result<(), BoxError> {
        self.map_err(Into::into)
    }
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for () {}
    impl<E> Sealed for Result<(), E> {}
}
