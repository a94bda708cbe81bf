//! Errors of a connection, and of a response on it.

use tokio::time::error::Elapsed;

/// An early end of a connection.
#[derive(Debug, thiserror::Error)]
pub(in super::super) enum ConnectionError {
    #[error("timed out waiting for the HTTP/2 preface")]
    PrefaceTimeout(#[from] Elapsed),
    #[error("timed out reading the head of a request")]
    HeadTimeout,
    #[error(transparent)]
    Protocol(#[from] h2::Error),
}

/// An early end of a response.
#[derive(Debug, thiserror::Error)]
pub(super) enum SendError {
    #[error(transparent)]
    Protocol(#[from] h2::Error),
    #[error("timed out writing: the client keeps its flow-control window shut")]
    WriteTimeout,
    #[error("timed out writing: the client takes nothing, and the server stops")]
    Stalled,
    #[error("client reset the stream")]
    Reset,
    #[error("the response body failed: {0}")]
    Body(String),
}
