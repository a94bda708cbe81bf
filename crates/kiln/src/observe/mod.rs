//! The log: to standard error, as text or JSON. And [`metrics`], for Prometheus.
//!
//! The default filter shows the phases of the application, its resources with their durations, failures, and answers
//! with a 5xx status. A line for every request is one directive away:
//! `--log info,kiln::request=debug`, which also puts the id, method and path of the request before all lines that are
//! logged while it is handled. Directives may name spans and their fields as well
//! (`[request{method=POST}]=debug`) with the feature `span-filter`; without it no engine of regular expressions
//! is compiled. [`metrics`] is a feature too. Both are on by default.

mod error;
#[cfg(feature = "metrics")]
pub mod metrics;
#[cfg(not(feature = "metrics"))]
#[path = "metrics/off.rs"]
pub mod metrics;
#[cfg(feature = "otel")]
mod otel;
mod refusals;
mod request;
mod request_id;
mod request_span;
mod sample;
pub(crate) mod timeline;

use std::{fmt, io::IsTerminal, str::FromStr};

pub use error::{MetricsError, ObserveError};
pub(crate) use request::{CountedRequest, RequestLog, logs_requests};
#[cfg(feature = "span-filter")]
use tracing_subscriber::EnvFilter as Filter;
#[cfg(not(feature = "span-filter"))]
use tracing_subscriber::filter::Targets as Filter;
use tracing_subscriber::{
    Layer, filter::ParseError, fmt::layer, layer::SubscriberExt, util::SubscriberInitExt,
};

use crate::seal::Needs;

/// Filter of the log: `info,kiln::request=debug`, in the syntax of `tracing_subscriber::filter::Targets`, or,
/// with the feature `span-filter`, in that of `tracing_subscriber::EnvFilter`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFilter(String);

/// Format of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// Text, for people.
    #[default]
    Text,
    /// One JSON object a line, for machines.
    Json,
}

/// Sends the log of the whole process to standard error.
///
/// # Errors
/// When the process has a log already.
pub fn init(filter: &LogFilter, format: LogFormat) -> Result<(), ObserveError> {
    request::set_span_filter(filter.0.contains('['));
    let filter: Filter = filter.0.parse().map_err(|error: ParseError| ObserveError::new(error))?;
    let registry = tracing_subscriber::registry();
    #[cfg(feature = "otel")]
    let registry = registry.with(otel::layer());
    let log = layer().with_writer(std::io::stderr);
    let initiated = match format {
        LogFormat::Text => registry.with(log.with_ansi(colours()).with_filter(filter)).try_init(),
        LogFormat::Json => {
            let log = log.json().flatten_event(true).with_current_span(true).with_span_list(false);
            registry.with(log.with_filter(filter)).try_init()
        }
    };
    initiated.map_err(ObserveError::new)
}

/// Needs of the log and its exporters, in addition to the standard error.
pub(crate) fn needs() -> Needs {
    #[cfg(feature = "otel")]
    return otel::needs();
    #[cfg(not(feature = "otel"))]
    Needs::new()
}

/// Does `work`, and exports spans meanwhile. Call it once the process is sealed.
///
/// # Errors
/// When the exporter cannot be started, or as `work`.
pub(crate) fn exporting<E: From<ObserveError>>(work: impl FnOnce() -> Result<(), E>) -> Result<(), E> {
    #[cfg(feature = "otel")]
    otel::start()?;
    let outcome = work();
    #[cfg(feature = "otel")]
    otel::end();
    outcome
}

/// Colours are for terminals, and not for users who have said so (<https://no-color.org>).
fn colours() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

impl Default for LogFilter {
    /// Everything from `info` up, but without the messages of actix about its threads.
    fn default() -> Self {
        Self("info,actix_server=warn".to_owned())
    }
}

impl FromStr for LogFilter {
    type Err = ParseError;

    fn from_str(directives: &str) -> Result<Self, Self::Err> {
        directives.parse::<Filter>().map(|_| Self(directives.to_owned()))
    }
}

impl fmt::Display for LogFilter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(format!("`{text}` is neither `text` nor `json`")),
        }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ineffective_filter_is_refused() {
        assert!("info,kiln::request=debug".parse::<LogFilter>().is_ok());
        assert!("kiln=verbose".parse::<LogFilter>().is_err());
        assert_eq!(
            "[request{method=POST}]=debug".parse::<LogFilter>().is_ok(),
            cfg!(feature = "span-filter")
        );
        assert!(LogFilter::default().to_string().parse::<LogFilter>().is_ok());
    }
}
