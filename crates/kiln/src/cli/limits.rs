//! How much a client may ask of the server: flags, with their environment twins.

use std::{num::NonZeroUsize, time::Duration};

use clap::Args;

use super::{ByteSize, duration};
use crate::server::{MAX_HEAD, ServerOptions};

/// Flags for what a client may take of memory, time and connections.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct LimitFlags {
    /// The longest head of a request, up to 128KiB
    #[arg(long, env = "MAX_HEAD", value_name = "SIZE", default_value = "32KiB", value_parser = head)]
    pub max_head: usize,
    /// The longest body of a request that is collected in memory
    #[arg(long, env = "MAX_BODY", value_name = "SIZE", default_value = "2MiB", value_parser = size)]
    pub max_body: usize,
    /// How many clients may be connected; more wait to be accepted
    #[arg(long, env = "MAX_CONNECTIONS", value_name = "NUMBER", default_value = "20000")]
    pub max_connections: NonZeroUsize,
    /// How long a client may take to send the head of a request
    #[arg(long, env = "HEAD_TIMEOUT", value_name = "TIME", default_value = "10s", value_parser = lasting)]
    pub head_timeout: Duration,
    /// How long an idle connection is kept; longer than a load balancer in front keeps its own
    #[arg(long, env = "KEEP_ALIVE", value_name = "TIME", default_value = "75s", value_parser = lasting)]
    pub keep_alive: Duration,
    /// How long a client may take nothing of an answer that is on its way
    #[arg(long, env = "WRITE_STALL", value_name = "TIME", default_value = "30s", value_parser = lasting)]
    pub write_stall: Duration,
}

impl From<LimitFlags> for ServerOptions {
    fn from(flags: LimitFlags) -> Self {
        let LimitFlags { max_head, max_body, max_connections, head_timeout, keep_alive, write_stall } = flags;
        let request_head_timeout = head_timeout;
        let limited = Self::default();
        Self {
            keep_alive,
            request_head_timeout,
            write_timeout: write_stall,
            max_head,
            max_body,
            max_connections,
            ..limited
        }
    }
}

fn size(text: &str) -> Result<usize, String> {
    let size: ByteSize = text.parse().map_err(|error: super::InvalidByteSize| error.to_string())?;
    usize::try_from(size.0).map_err(|error| error.to_string())
}

fn head(text: &str) -> Result<usize, String> {
    match size(text)? {
        head if head <= MAX_HEAD => Ok(head),
        _ => Err("the head of a request is never longer than 128KiB".to_owned()),
    }
}

/// To actix, no time at all means for ever.
fn lasting(text: &str) -> Result<Duration, String> {
    match duration(text)? {
        Duration::ZERO => Err("expected more than no time at all".to_owned()),
        time => Ok(time),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_that_would_not_hold_are_refused() {
        assert_eq!((head("128KiB"), head("1")), (Ok(MAX_HEAD), Ok(1)));
        assert!(head("129KiB").is_err() && size("2MB").is_err());
        assert_eq!(lasting("1ms"), Ok(Duration::from_millis(1)));
        assert!(lasting("0s").is_err());
    }
}
