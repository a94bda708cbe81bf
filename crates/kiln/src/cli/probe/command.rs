//! The command `probe`.

use std::{
    io::Write,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use super::{error::ProbeError, request::probe};
use crate::cli::{duration::duration, server::LISTEN};

/// Ask a server whether it is ready
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct ProbeCommand {
    /// URL to probe; by https only on this machine, whose certificate is not checked [default: `/readyz` of the server
    /// that the same environment starts]
    url: Option<String>,
    #[command(flatten)]
    server: ServerAddress,
    /// Time-out for the response
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    timeout: Duration,
}

/// The settings of the server that say where it listens.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
struct ServerAddress {
    #[arg(long, env = "LISTEN", hide = true, default_value = LISTEN)]
    listen: SocketAddr,
    #[arg(long, env = "PORT", hide = true)]
    port: Option<u16>,
    #[arg(long, env = "TLS_CERT", hide = true)]
    tls_cert: Option<PathBuf>,
}

impl ServerAddress {
    /// The URL of `/readyz`, at the loopback address where the server listens at every address.
    fn url(&self) -> String {
        let scheme = if self.tls_cert.is_some() { "https" } else { "http" };
        let host = match self.listen.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip => ip,
        };
        let address = SocketAddr::new(host, self.port.unwrap_or(self.listen.port()));
        format!("{scheme}://{address}/readyz")
    }
}

impl ProbeCommand {
    /// Probes, and writes the body of the response to `out`.
    ///
    /// # Errors
    /// As [`probe`]; and when `out` cannot be written.
    pub fn run(&self, out: &mut dyn Write) -> Result<(), ProbeError> {
        let url = self.url.clone().unwrap_or_else(|| self.server.url());
        let body = probe(&url, self.timeout)?;
        writeln!(out, "{}", body.trim_end()).map_err(ProbeError::Output)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn the_url_of_a_probe_is_that_of_the_settings() {
        #[derive(clap::Parser)]
        struct App {
            #[command(flatten)]
            server: ServerAddress,
        }

        for (arguments, url) in [
            (&[][..], "http://127.0.0.1:8080/readyz"),
            (&["--listen=0.0.0.0:9"], "http://127.0.0.1:9/readyz"),
            (&["--listen=[::]:9", "--port=10"], "http://[::1]:10/readyz"),
            (&["--listen=192.0.2.1:9"], "http://192.0.2.1:9/readyz"),
            (&["--tls-cert=a.pem"], "https://127.0.0.1:8080/readyz"),
        ] {
            let app = App::try_parse_from(["app"].iter().chain(arguments)).expect("arguments");
            assert_eq!(app.server.url(), url, "{arguments:?}");
        }
    }
}
