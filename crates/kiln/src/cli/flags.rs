//! The flags of a server, with their environment twins.

use std::{net::SocketAddr, num::NonZeroUsize, time::Duration};

use clap::Args;

use super::{LimitFlags, TlsFlags};
use crate::{
    launch::{Options, ProcessOptions},
    observe::{LogFilter, LogFormat},
    seal::SealMode,
    server::{DrainOptions, ReusePort, ServerOptions},
};

/// Where a server listens that nobody has told where.
pub(super) const LISTEN: &str = "127.0.0.1:8080";

/// Flags for a process that serves: a parser of their own, or flattened into another.
///
/// Each value is checked while it is parsed, so that a bad one is a usage error with the flag's name, and the
/// way into [`Options`] cannot fail.
#[derive(Clone, Debug, PartialEq, Eq, clap::Parser)]
#[command(about = None, long_about = None)]
pub struct ServerFlags {
    /// Where to listen
    #[arg(long, env = "LISTEN", value_name = "ADDRESS:PORT", default_value = LISTEN)]
    pub listen: SocketAddr,
    /// Listen on this port, at the address of --listen
    #[arg(long, env = "PORT")]
    pub port: Option<u16>,
    /// Where to answer `/metrics` and probes besides, for whoever watches over the server
    #[arg(long, env = "ADMIN_LISTEN", value_name = "ADDRESS:PORT")]
    pub admin_listen: Option<SocketAddr>,
    /// Let a successor bind the same port while this process still serves (`SO_REUSEPORT`)
    #[arg(long, env = "REUSE_PORT")]
    pub reuse_port: bool,
    /// Worker threads [default: one for each core]
    #[arg(long, env = "WORKERS")]
    pub workers: Option<NonZeroUsize>,
    /// How TLS is served.
    #[command(flatten)]
    pub tls: TlsFlags,
    /// How much a client may ask for.
    #[command(flatten)]
    pub limits: LimitFlags,
    /// How the process is set up.
    #[command(flatten)]
    pub process: ProcessFlags,
    /// On a stop, how long to go on accepting while already not ready: 500ms, 5s, 1m
    #[arg(long, env = "DRAIN_PAUSE", value_name = "TIME", default_value = "0s", value_parser = duration)]
    pub drain_pause: Duration,
    /// On a stop, how long requests in flight may take
    #[arg(long, env = "DRAIN_DEADLINE", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub drain_deadline: Duration,
}

/// Flags for any process, one that serves or one that migrates.
#[derive(Args, Clone, Debug, PartialEq, Eq)]
pub struct ProcessFlags {
    /// What the kernel shall refuse: enforce, best-effort, or off
    #[arg(long, env = "SEAL", value_name = "MODE", default_value_t)]
    pub seal: SealMode,
    /// What is logged, such as `info,kiln::request=debug`
    #[arg(long, env = "LOG", value_name = "DIRECTIVES", default_value_t)]
    pub log: LogFilter,
    /// How it is logged: text, or json
    #[arg(long, env = "LOG_FORMAT", value_name = "FORMAT", default_value_t)]
    pub log_format: LogFormat,
}

impl From<ProcessFlags> for ProcessOptions {
    fn from(ProcessFlags { seal, log, log_format }: ProcessFlags) -> Self {
        Self { log, log_format, seal, ..Self::default() }
    }
}

impl From<ServerFlags> for Options {
    fn from(flags: ServerFlags) -> Self {
        let ServerFlags {
            mut listen,
            port,
            admin_listen: admin,
            reuse_port,
            workers,
            tls,
            limits,
            process,
            drain_pause: pause,
            drain_deadline: deadline,
        } = flags;
        if let Some(port) = port {
            listen.set_port(port);
        }
        let drain = DrainOptions { pause, deadline, ..DrainOptions::default() };
        Self {
            listen,
            admin,
            tls: tls.into(),
            reuse_port: if reuse_port { ReusePort::Enabled } else { ReusePort::Disabled },
            process: process.into(),
            server: ServerOptions { workers, drain, ..limits.into() },
        }
    }
}

/// A number and a unit, such as `500ms`, `5s` or `1m`. A number alone is refused: half the world would mean
/// seconds by it.
///
/// # Errors
/// When the text is none.
pub fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let milliseconds: Option<u64> = match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        _ => None,
    };
    let number: Option<u64> = number.parse().ok();
    number
        .zip(milliseconds)
        .and_then(|(number, unit)| number.checked_mul(unit))
        .map(Duration::from_millis)
        .ok_or_else(|| "expected a number with its unit, such as 500ms, 5s or 1m".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        server: ServerFlags,
    }

    fn options(flags: &[&str]) -> Result<Options, clap::Error> {
        Flags::try_parse_from(["app"].iter().chain(flags)).map(|flags| flags.server.into())
    }

    #[test]
    fn no_flag_is_the_default() {
        assert_eq!(options(&[]).expect("no flag is needed"), Options::default());
    }

    #[test]
    fn flattened_flags_leave_the_description_to_the_parser() {
        /// Whose words these are.
        #[derive(Parser)]
        struct Described {
            #[command(flatten)]
            _server: ServerFlags,
        }

        let help = Described::try_parse_from(["app", "--help"]).err().expect("help").to_string();
        assert!(help.starts_with("Whose words these are"), "{help}");
        assert!(ServerFlags::try_parse_from(["app"]).is_ok());
    }

    #[test]
    fn a_port_replaces_the_port_alone() {
        let options = options(&["--listen=[::1]:80", "--port=9"]).expect("valid flags");
        assert_eq!(options.listen.to_string(), "[::1]:9");
    }

    #[test]
    fn a_bad_value_is_named_with_its_flag() {
        for flag in ["--seal=on", "--log=a=b", "--log-format=xml", "--drain-pause=5", "--listen=80"] {
            let error = options(&[flag]).expect_err(flag).to_string();
            let name = flag.split('=').next().expect("a name");
            assert!(error.contains(name), "{error}");
        }
    }

    #[test]
    fn a_duration_has_a_unit() {
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("2m"), Ok(Duration::from_mins(2)));
        for text in ["", "s", "5", "5h", "-1s", "1.5s", "99999999999999999999s", "18446744073709551615m"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
