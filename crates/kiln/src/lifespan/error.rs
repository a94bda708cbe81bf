//! What can go wrong between opening the first resource and closing the last.

use std::{fmt, time::Duration};

use crate::{exit::Exit, migrate::MigrateError};

/// An error of any type, as adopters' code returns it.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why an application did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartUpError {
    /// A resource did not open.
    #[error("resource `{resource}` {failure}")]
    Resource {
        /// The name under which it was entered.
        resource: String,
        /// What happened.
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
    /// while a resource opened; a start cut short by a stop signal is a clean exit.
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

/// What became of an adopter's future that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It returned an error.
    #[error("failed: {0}")]
    Error(#[source] BoxError),
    /// It panicked.
    #[error("panicked: {0}")]
    Panic(String),
    /// It was dropped at its deadline.
    #[error("was not done within its deadline of {0:?}")]
    TimedOut(Duration),
    /// It was dropped because a stop was asked for.
    #[error("was cut short by a request to stop")]
    Cancelled,
    /// It returned although it has to run until it is told to stop.
    #[error("returned although nothing had asked it to stop")]
    Returned,
}

/// A resource that did not close.
#[derive(Debug, thiserror::Error)]
#[error("closing `{resource}` {failure}")]
pub struct CloseError {
    /// The name under which it was entered.
    pub resource: String,
    /// What happened.
    #[source]
    pub failure: Failure,
}

/// A task that had to live, and died.
#[derive(Debug, thiserror::Error)]
#[error("required task `{task}` {failure}")]
pub struct TaskDied {
    /// The name under which it was started.
    pub task: String,
    /// What happened.
    #[source]
    pub failure: Failure,
}

/// Everything that did not close, in the order in which it was tried. As text it is empty or continues a
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

    /// What did not close.
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

/// What a close may return: nothing, or a result with any error.
pub trait CloseOutcome: sealed::Sealed {
    /// The outcome as a result.
    ///
    /// # Errors
    /// When the close said so.
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
