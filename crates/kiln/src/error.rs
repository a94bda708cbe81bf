//! Why an application ended, and the exit code that says so.

use std::{io, net::SocketAddr, time::Duration};

use crate::{
    exit::Exit,
    lifespan::{BoxError, StartUpError, TaskDied, Unclosed},
    migrate::MigrateError,
    observe::{ObserveError, metrics::MetricsError},
    seal::SealError,
    tls::TlsError,
};

/// Why an application ended otherwise than it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line or the settings cannot be used.
    #[error("{0}")]
    Usage(#[source] BoxError),
    /// The log could not be set up.
    #[error(transparent)]
    Observe(#[from] ObserveError),
    /// The seal was demanded and could not be had.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The operating system refused the listener.
    #[error("cannot listen on {address}: {source}; is another process using the port?")]
    Listen {
        /// Where the application wanted to listen.
        address: SocketAddr,
        /// What the operating system said.
        source: io::Error,
    },
    /// Metrics were asked for and cannot be recorded.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    /// The certificate or its key cannot be used.
    #[error("cannot serve by TLS: {0}")]
    Tls(#[from] TlsError),
    /// The operating system refused something that every server needs.
    #[error("cannot {what}: {source}")]
    System {
        /// What was tried.
        what: &'static str,
        /// What the operating system said.
        source: io::Error,
    },
    /// The schema or its migrations do not fit.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// A resource did not start. Those that had started were closed, apart from those in `unclosed`.
    #[error("start-up failed: {cause}{unclosed}")]
    StartUp {
        /// The resource that failed, and why.
        #[source]
        cause: StartUpError,
        /// What went wrong in unwinding.
        unclosed: Unclosed,
    },
    /// A task that has to live died; the application drained and closed.
    #[error("{cause}{unclosed}")]
    TaskDied {
        /// The task, and why.
        #[source]
        cause: TaskDied,
        /// What went wrong in closing.
        unclosed: Unclosed,
    },
    /// Requests were still unanswered at the deadline and were cut off.
    #[error("{requests} requests were cut off after a drain of {deadline:?}{unclosed}")]
    Drain {
        /// How many requests were in flight.
        requests: usize,
        /// The deadline of the drain.
        deadline: Duration,
        /// What went wrong in closing.
        unclosed: Unclosed,
    },
    /// The application served and drained, but something did not close.
    #[error("tear-down failed{0}")]
    TearDown(Unclosed),
}

impl Error {
    /// Turns the operating system's refusal to do `what` into an [`Error`].
    pub(crate) fn system(what: &'static str) -> impl Fn(io::Error) -> Self {
        move |source| Self::System { what, source }
    }

    /// The exit code for this error.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage(_) | Self::Observe(_) => Exit::Usage,
            Self::Seal(_) | Self::Metrics(_) | Self::Tls(_) | Self::Listen { .. } | Self::System { .. } => {
                Exit::StartUp
            }
            Self::Migrate(error) => error.exit(),
            Self::StartUp { cause, unclosed } => match cause.exit() {
                Exit::Clean if !unclosed.is_empty() => Exit::TearDown,
                exit => exit,
            },
            Self::TaskDied { .. } => Exit::TaskDied,
            Self::Drain { .. } | Self::TearDown(_) => Exit::TearDown,
        }
    }
}
