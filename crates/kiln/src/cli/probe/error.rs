//! Errors of a probe.

use std::io;

/// The reason why a probe failed.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// No URL of HTTP.
    #[error("invalid URL `{0}`; expected `http://HOST:PORT/PATH`, or `https:`")]
    Url(String),
    /// Another machine, whose certificate would have to be checked.
    #[error(
        "`{0}` is another machine, and probes check no certificate; expected `https://127.0.0.1:PORT/PATH`"
    )]
    Elsewhere(String),
    /// No connection, or no whole response in time.
    #[error("no response from {url}: {source}")]
    Unreachable {
        /// The URL.
        url: String,
        /// The operating system's error.
        source: io::Error,
    },
    /// A status other than 200.
    #[error("{url} answered {status}: {body}")]
    NotReady {
        /// The URL.
        url: String,
        /// The status code.
        status: u16,
        /// The body.
        body: String,
    },
    /// A response that is not HTTP.
    #[error("the response from {0} is not HTTP; for a server with TLS, use `https:`")]
    NotHttp(String),
    /// The output could not be written.
    #[error("cannot write the output: {0}")]
    Output(#[source] io::Error),
}
