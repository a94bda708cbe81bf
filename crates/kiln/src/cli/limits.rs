//! Limits for clients: flags, with their environment twins.

use std::{num::NonZeroUsize, time::Duration};

use clap::Args;

use super::{
    byte_size::{ByteSize, InvalidByteSize},
    duration::positive_duration,
};
use crate::server::{CrossSiteWrites, Hosts, MAX_HEAD, ServerOptions};

/// Limits on the memory, time and connections that clients take, and on who they are.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct LimitFlags {
    /// Longest request head, up to 128KiB
    #[arg(long, env = "MAX_HEAD", value_name = "SIZE", default_value = "32KiB", value_parser = head)]
    pub max_head: usize,
    /// Longest request body that is buffered in memory
    #[arg(long, env = "MAX_BODY", value_name = "SIZE", default_value = "2MiB", value_parser = size)]
    pub max_body: usize,
    /// Connections at once; beyond, some wait, and others get 503
    #[arg(long, env = "MAX_CONNECTIONS", value_name = "NUMBER", default_value = "20000")]
    pub max_connections: NonZeroUsize,
    /// Time-out for a request head
    #[arg(long, env = "HEAD_TIMEOUT", value_name = "TIME", default_value = "10s", value_parser = positive_duration)]
    pub head_timeout: Duration,
    /// Time-out of an idle connection; set it longer than that of a load balancer in front
    #[arg(long, env = "KEEP_ALIVE", value_name = "TIME", default_value = "75s", value_parser = positive_duration)]
    pub keep_alive: Duration,
    /// Time-out for a client that stops sending a request body
    #[arg(long, env = "BODY_TIMEOUT", value_name = "TIME", default_value = "30s", value_parser = positive_duration)]
    pub body_timeout: Duration,
    /// Least bytes a second of a request body, after a --body-timeout of grace
    #[arg(long, env = "MIN_BODY_RATE", value_name = "SIZE", default_value = "512", value_parser = rate)]
    pub min_body_rate: u32,
    /// Time-out for a client that takes nothing of a response
    #[arg(long, env = "WRITE_TIMEOUT", value_name = "TIME", default_value = "30s", value_parser = positive_duration)]
    pub write_timeout: Duration,
    /// Hosts to answer for: example.org,*.example.org, or any [default: the names of a loopback address, otherwise any]
    #[arg(long, env = "HOSTS", value_name = "NAMES")]
    pub hosts: Option<Hosts>,
    /// Let the application decide about writes that pages of other sites ask for; they are refused otherwise
    #[arg(long, env = "CROSS_SITE_WRITES")]
    pub cross_site_writes: bool,
}

impl From<LimitFlags> for ServerOptions {
    fn from(flags: LimitFlags) -> Self {
        let LimitFlags {
            max_head,
            max_body,
            max_connections,
            head_timeout,
            keep_alive,
            body_timeout,
            min_body_rate,
            write_timeout,
            hosts,
            cross_site_writes,
        } = flags;
        let cross_site_writes =
            if cross_site_writes { CrossSiteWrites::Allowed } else { CrossSiteWrites::Refused };
        Self {
            keep_alive,
            request_head_timeout: head_timeout,
            body_timeout,
            min_body_rate,
            write_timeout,
            max_head,
            max_body,
            max_connections,
            hosts: hosts.unwrap_or_default(),
            cross_site_writes,
            ..Self::default()
        }
    }
}

fn size(text: &str) -> Result<usize, String> {
    let size: ByteSize = text.parse().map_err(|error: InvalidByteSize| error.to_string())?;
    usize::try_from(size.0).map_err(|error| error.to_string())
}

fn rate(text: &str) -> Result<u32, String> {
    u32::try_from(size(text)?).map_err(|error| error.to_string())
}

fn head(text: &str) -> Result<usize, String> {
    match size(text)? {
        head if head <= MAX_HEAD => Ok(head),
        _ => Err("a request head is limited to 128KiB".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_limits_are_refused() {
        assert_eq!((head("128KiB"), head("1")), (Ok(MAX_HEAD), Ok(1)));
        assert!(head("129KiB").is_err() && size("2MB").is_err());
    }
}
