//! Errors that end an application, and their exit codes.

use std::{io, net::SocketAddr, time::Duration};

use crate::{
    exit::Exit,
    lifespan::{BoxError, StartUpError, TaskDied, Unclosed},
    migrate::MigrateError,
    observe::{MetricsError, ObserveError},
    seal::SealError,
    tls::TlsError,
};

/// An error that ends an application.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line or the settings cannot be used.
    #[error("{0}")]
    Usage(#[source] BoxError),
    /// The log could not be set up.
    #[error(transparent)]
    Observe(#[from] ObserveError),
    /// The seal is required and not in force.
    #[error(transparent)]
    Seal(#[from] SealError),
    /// The operating system refused the listener.
    #[error("cannot listen on {address}: {source}; check whether another process uses the port")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The error of the operating system.
        source: io::Error,
    },
    /// Metrics were asked for and cannot be recorded.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    /// The certificate or its key cannot be used.
    #[error("cannot serve by TLS: {0}")]
    Tls(#[from] TlsError),
    /// The operating system refused an operation that every server needs.
    #[error("cannot {what}: {source}")]
    System {
        /// The operation.
        what: &'static str,
        /// The error of the operating system.
        source: io::Error,
    },
    /// The schema or its migrations do not fit.
    #[error(transparent)]
    Migrate(#[from] MigrateError),
    /// A resource did not start. The resources before it were closed, apart from those in `unclosed`.
    #[error("start-up failed: {cause}{unclosed}")]
    StartUp {
        /// The resource that failed, and why.
        #[source]
        cause: StartUpError,
        /// Errors of closing the others.
        unclosed: Unclosed,
    },
    /// A required task died; the application drained and closed.
    #[error("{cause}{unclosed}")]
    TaskDied {
        /// The task, and why.
        #[source]
        cause: TaskDied,
        /// Errors of closing.
        unclosed: Unclosed,
    },
    /// Requests were still unanswered at the deadline and were cut off.
    #[error("{} cut off after a drain of {deadline:?}{unclosed}", requests_were(*.requests))]
    Drain {
        /// Number of requests in flight.
        requests: usize,
        /// The deadline of the drain.
        deadline: Duration,
        /// Errors of closing.
        unclosed: Unclosed,
    },
    /// The application served and drained, but a resource did not close.
    #[error("tear-down failed{0}")]
    TearDown(Unclosed),
}

impl Error {
    /// An error of the operating system in an operation: `cannot {what}`.
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

fn requests_were(count: usize) -> String {
    match count {
        1 => "1 request was".to_owned(),
        _ => format!("{count} requests were"),
    }
}
