//! `probe [URL]`: a health check for images that hold neither a shell nor curl.

use std::{
    io::{self, Read, Write},
    net::{TcpStream, ToSocketAddrs},
    time::{Duration, Instant},
};

use super::flags::duration;

/// How much of an answer is read, in bytes; a probe's is far smaller.
const LIMIT: usize = 64 * 1024;

/// Ask a server whether it is ready
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct ProbeCommand {
    /// What to ask
    #[arg(default_value = "http://127.0.0.1:8080/readyz")]
    url: String,
    /// How long the answer may take
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = duration)]
    timeout: Duration,
}

/// Why a probe failed.
#[derive(Debug, thiserror::Error)]
pub enum ProbeError {
    /// The URL cannot be probed.
    #[error("`{0}` cannot be probed; expected `http://HOST:PORT/PATH`")]
    Url(String),
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
    #[error("{0} answered with something other than HTTP")]
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
        let body = probe(&self.url, self.timeout)?;
        writeln!(out, "{}", body.trim_end()).map_err(ProbeError::Output)
    }
}

/// Sends a GET request to an `http:` URL and returns the body of a 200 answer, all within `timeout`. Needs
/// no runtime.
///
/// # Errors
/// When the URL cannot be used, no answer comes in time, or it is not 200.
pub fn probe(url: &str, timeout: Duration) -> Result<String, ProbeError> {
    let (authority, path) = parse(url).ok_or_else(|| ProbeError::Url(url.to_owned()))?;
    let answer = ask(&authority, path, timeout)
        .map_err(|source| ProbeError::Unreachable { url: url.to_owned(), source })?;
    let (status, body) = read(&answer).ok_or_else(|| ProbeError::NotHttp(url.to_owned()))?;
    match status {
        200 => Ok(body),
        status => Err(ProbeError::NotReady { url: url.to_owned(), status, body }),
    }
}

fn parse(url: &str) -> Option<(String, &str)> {
    let rest = url.strip_prefix("http://")?;
    let (authority, path) = rest.find('/').map_or((rest, "/"), |slash| rest.split_at(slash));
    let clean = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if authority.is_empty() || authority.contains('@') || !clean(authority) || !clean(path) {
        return None;
    }
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let authority = if has_port { authority.to_owned() } else { format!("{authority}:80") };
    Some((authority, path))
}

fn ask(authority: &str, path: &str, timeout: Duration) -> io::Result<Vec<u8>> {
    let deadline = Instant::now() + timeout;
    let mut stream = connect(authority, deadline)?;
    stream.set_write_timeout(Some(left(deadline)?))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n")?;
    let (mut answer, mut chunk) = (Vec::new(), [0; 4096]);
    while answer.len() < LIMIT {
        // A read's time-out alone would let a server that sends byte by byte go on for ever.
        stream.set_read_timeout(Some(left(deadline)?))?;
        match stream.read(&mut chunk)? {
            0 => break,
            length => answer.extend_from_slice(&chunk[..length]),
        }
    }
    Ok(answer)
}

/// Tries every address of a name: `localhost` often has one that nobody listens on.
fn connect(authority: &str, deadline: Instant) -> io::Result<TcpStream> {
    let mut failure = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in authority.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, left(deadline)?) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
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
    use super::*;

    #[test]
    fn a_url_is_split_where_a_browser_splits_it() {
        assert_eq!(parse("http://[::1]:9/readyz?a=b"), Some(("[::1]:9".to_owned(), "/readyz?a=b")));
        assert_eq!(parse("http://host"), Some(("host:80".to_owned(), "/")));
        for url in [
            "https://host/",
            "host:80",
            "http://",
            "http:///x",
            "http://h/a b",
            "http://h/\r\nx",
            "http://u@h/",
        ] {
            assert_eq!(parse(url), None, "{url:?}");
        }
    }

    #[test]
    fn only_http_is_an_answer() {
        assert_eq!(read(b"HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\n{}"), Some((503, "{}".to_owned())));
        assert_eq!(read(b"SSH-2.0-OpenSSH\r\n\r\n"), None);
        assert_eq!(read(b""), None);
    }
}
