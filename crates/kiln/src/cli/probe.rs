//! `probe [URL]`: a health check for images that hold neither a shell nor curl.

mod connection;
#[cfg(feature = "tls")]
mod tls;
#[cfg(not(feature = "tls"))]
#[path = "probe/tls/off.rs"]
mod tls;

use std::{
    io::{self, Read, Write},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs},
    path::PathBuf,
    time::{Duration, Instant},
};

use self::connection::Connection;
use super::flags::{LISTEN, duration};

/// How much of an answer is read, in bytes; a probe's is far smaller.
const LIMIT: usize = 64 * 1024;

/// Ask a server whether it is ready
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct ProbeCommand {
    /// What to ask; by https, this machine alone, whose certificate is not checked [default: `/readyz` of the server
    /// that the same environment starts]
    url: Option<String>,
    #[command(flatten)]
    server: Settings,
    /// How long the answer may take
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    timeout: Duration,
}

/// What the server is told of where it listens.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
struct Settings {
    #[arg(long, env = "LISTEN", hide = true, default_value = LISTEN)]
    listen: SocketAddr,
    #[arg(long, env = "PORT", hide = true)]
    port: Option<u16>,
    #[arg(long, env = "TLS_CERT", hide = true)]
    tls_cert: Option<PathBuf>,
}

impl Settings {
    /// A server that listens at every address listens at that of this machine as well.
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

/// Why a probe failed.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The URL cannot be probed.
    #[error("`{0}` cannot be probed; expected `http://HOST:PORT/PATH`, or `https:`")]
    Url(String),
    /// Whether another machine is the one that it says cannot be told.
    #[error("`{0}` is not this machine: probes check no certificate; expected `https://127.0.0.1:PORT/PATH`")]
    Elsewhere(String),
    /// No connection, or no whole answer in time.
    #[error("{url} gave no answer: {source}")]
    Unreachable {
        /// What was asked.
        url: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// The answer is not 200.
    #[error("{url} answered {status}: {body}")]
    NotReady {
        /// What was asked.
        url: String,
        /// The status line's code.
        status: u16,
        /// What else it said.
        body: String,
    },
    /// The answer is not HTTP.
    #[error("{0} answered with something other than HTTP; is it a server of TLS? expected `https:` then")]
    NotHttp(String),
    /// The result could not be written.
    #[error("cannot write the result: {0}")]
    Output(#[source] io::Error),
}

impl ProbeCommand {
    /// Probes and writes the server's own words to `out`.
    ///
    /// # Errors
    /// As [`probe`]; and when `out` does not take the result.
    pub fn run(&self, out: &mut dyn Write) -> Result<(), ProbeError> {
        let url = self.url.clone().unwrap_or_else(|| self.server.url());
        let body = probe(&url, self.timeout)?;
        writeln!(out, "{}", body.trim_end()).map_err(ProbeError::Output)
    }
}

/// Sends a GET request to an `http:` URL, or an `https:` URL of this machine, and returns the body of a 200 answer,
/// all within `timeout`. Needs no runtime.
///
/// # Errors
/// When the URL cannot be used, no answer comes in time, or it is not 200.
pub fn probe(url: &str, timeout: Duration) -> Result<String, ProbeError> {
    let deadline = Instant::now() + timeout;
    let target = Target::parse(url).ok_or_else(|| ProbeError::Url(url.to_owned()))?;
    let unreachable = |source| ProbeError::Unreachable { url: url.to_owned(), source };
    let addresses: Vec<_> = target.authority.to_socket_addrs().map_err(unreachable)?.collect();
    let connection = Connection::open(&addresses, deadline).map_err(unreachable)?;
    if target.scheme == Scheme::Https && !connection.is_here().map_err(unreachable)? {
        return Err(ProbeError::Elsewhere(url.to_owned()));
    }
    let answer = target.ask(connection).map_err(unreachable)?;
    let (status, body) = read(&answer).ok_or_else(|| ProbeError::NotHttp(url.to_owned()))?;
    match status {
        200 => Ok(body),
        status => Err(ProbeError::NotReady { url: url.to_owned(), status, body }),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

/// What a URL leads to.
#[derive(Debug, PartialEq, Eq)]
struct Target<'a> {
    scheme: Scheme,
    /// With a port.
    authority: String,
    path: &'a str,
}

impl<'a> Target<'a> {
    fn parse(url: &'a str) -> Option<Self> {
        let (scheme, port, rest) = match url.split_once("://")? {
            ("http", rest) => (Scheme::Http, 80, rest),
            ("https", rest) => (Scheme::Https, 443, rest),
            _ => return None,
        };
        let (authority, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
        let clean = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
        if authority.is_empty() || authority.contains('@') || !clean(authority) || !clean(path) {
            return None;
        }
        let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
        let authority = if has_port { authority.to_owned() } else { format!("{authority}:{port}") };
        Some(Self { scheme, authority, path })
    }

    fn ask(&self, connection: Connection) -> io::Result<Vec<u8>> {
        match self.scheme {
            Scheme::Http => self.ask_by(connection),
            Scheme::Https => self.ask_by(tls::shake(connection)?),
        }
    }

    fn ask_by(&self, mut connection: impl Read + Write) -> io::Result<Vec<u8>> {
        let Self { authority, path, .. } = self;
        // One write: a TLS server answers the first bytes and closes, and a second write would fail with EPIPE.
        let request = format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes())?;
        connection.flush()?;
        let (mut answer, mut chunk) = (Vec::new(), [0; 4096]);
        while answer.len() < LIMIT {
            match connection.read(&mut chunk)? {
                0 => break,
                length => answer.extend_from_slice(&chunk[..length]),
            }
        }
        Ok(answer)
    }
}

/// The status and the body of a whole answer (RFC 9112 §2.1).
fn read(answer: &[u8]) -> Option<(u16, String)> {
    let answer = String::from_utf8_lossy(answer);
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[test]
    fn a_url_is_split_where_a_browser_splits_it() {
        for (url, scheme, authority, path) in [
            ("http://[::1]:9/readyz?a=b", Scheme::Http, "[::1]:9", "/readyz?a=b"),
            ("http://host", Scheme::Http, "host:80", "/"),
            ("https://host/", Scheme::Https, "host:443", "/"),
        ] {
            let target = Target { scheme, authority: authority.to_owned(), path };
            assert_eq!(Target::parse(url), Some(target), "{url}");
        }
        for url in [
            "ftp://host/",
            "host:80",
            "http://",
            "http:///x",
            "http://h/a b",
            "http://h/\r\nx",
            "http://u@h/",
        ] {
            assert_eq!(Target::parse(url), None, "{url:?}");
        }
    }

    #[test]
    fn a_server_is_found_by_the_settings_that_start_it() {
        #[derive(clap::Parser)]
        struct App {
            #[command(flatten)]
            settings: Settings,
        }

        for (arguments, url) in [
            (&[][..], "http://127.0.0.1:8080/readyz"),
            (&["--listen=0.0.0.0:9"], "http://127.0.0.1:9/readyz"),
            (&["--listen=[::]:9", "--port=10"], "http://[::1]:10/readyz"),
            (&["--listen=192.0.2.1:9"], "http://192.0.2.1:9/readyz"),
            (&["--tls-cert=a.pem"], "https://127.0.0.1:8080/readyz"),
        ] {
            let app = App::try_parse_from(["app"].iter().chain(arguments)).expect("arguments");
            assert_eq!(app.settings.url(), url, "{arguments:?}");
        }
    }

    #[test]
    fn only_http_is_an_answer() {
        assert_eq!(read(b"HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\n{}"), Some((503, "{}".to_owned())));
        assert_eq!(read(b"SSH-2.0-OpenSSH\r\n\r\n"), None);
        assert_eq!(read(b""), None);
    }
}
