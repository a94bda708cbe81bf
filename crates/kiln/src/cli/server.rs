//! Flags of a server, with their environment twins.

use std::{net::SocketAddr, num::NonZeroUsize, time::Duration};

use super::{duration::duration, limits::LimitFlags, process::ProcessFlags, tls::TlsFlags};
use crate::{
    launch::{Options, Server},
    server::{DrainOptions, ReusePort, ServerOptions},
};

/// The address to listen on unless another is set.
pub(super) const LISTEN: &str = "127.0.0.1:8080";

/// Flags of a process that serves: a parser of their own, or flattened into another.
///
/// Each value is checked while it is parsed, so that a bad one is a usage error with the flag's name, and the conversion
/// into [`Options`] or a [`Server`] cannot fail.
#[derive(Clone, Debug, PartialEq, Eq, clap::Parser)]
#[command(about = None, long_about = None)]
pub struct ServerFlags {
    /// Address to listen on
    #[arg(long, env = "LISTEN", value_name = "ADDRESS:PORT", default_value = LISTEN)]
    pub listen: SocketAddr,
    /// Port to listen on, at the address of --listen
    #[arg(long, env = "PORT")]
    pub port: Option<u16>,
    /// Address for `/metrics` and probes, apart from --listen
    #[arg(long, env = "ADMIN_LISTEN", value_name = "ADDRESS:PORT")]
    pub admin_listen: Option<SocketAddr>,
    /// Let another process bind the same port while this one still serves (`SO_REUSEPORT`)
    #[arg(long, env = "REUSE_PORT")]
    pub reuse_port: bool,
    /// Worker threads [default: one for each core]
    #[arg(long, env = "WORKERS")]
    pub workers: Option<NonZeroUsize>,
    /// TLS.
    #[command(flatten)]
    pub tls: TlsFlags,
    /// Limits for clients.
    #[command(flatten)]
    pub limits: LimitFlags,
    /// The process.
    #[command(flatten)]
    pub process: ProcessFlags,
    /// On a stop, how long to accept connections while not ready: 500ms, 5s, 1m
    #[arg(long, env = "DRAIN_PAUSE", value_name = "TIME", default_value = "0s", value_parser = duration)]
    pub drain_pause: Duration,
    /// On a stop, how long requests in flight may take
    #[arg(long, env = "DRAIN_DEADLINE", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub drain_deadline: Duration,
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

impl From<ServerFlags> for Server {
    fn from(flags: ServerFlags) -> Self {
        Options::from(flags).into()
    }
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
        /// The description of the application.
        #[derive(Parser)]
        struct Described {
            #[command(flatten)]
            _server: ServerFlags,
        }

        let help = Described::try_parse_from(["app", "--help"]).err().expect("help").to_string();
        assert!(help.starts_with("The description of the application"), "{help}");
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
}
