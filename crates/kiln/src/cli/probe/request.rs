//! One GET request, without a runtime.

use std::{
    io::{self, Read, Write},
    net::ToSocketAddrs,
    time::{Duration, Instant},
};

use super::{connection::Connection, error::ProbeError, tls};

/// The longest response that is read, in bytes; that of a probe is far shorter.
const LIMIT: usize = 64 * 1024;

/// Sends a GET request to an `http:` URL, or an `https:` URL of this machine, and returns the body of a 200 response,
/// all within `timeout`. Needs no runtime.
///
/// # Errors
/// When the URL cannot be used, no response comes in time, or its status is not 200.
pub fn probe(url: &str, timeout: Duration) -> Result<String, ProbeError> {
    let deadline = Instant::now() + timeout;
    let target = ProbeUrl::parse(url).ok_or_else(|| ProbeError::Url(url.to_owned()))?;
    let unreachable = |source| ProbeError::Unreachable { url: url.to_owned(), source };
    let addresses: Vec<_> = target.authority.to_socket_addrs().map_err(unreachable)?.collect();
    let connection = Connection::open(&addresses, deadline).map_err(unreachable)?;
    if target.scheme == Scheme::Https && !connection.is_here().map_err(unreachable)? {
        return Err(ProbeError::Elsewhere(url.to_owned()));
    }
    let response = target.get(connection).map_err(unreachable)?;
    let (status, body) = read(&response).ok_or_else(|| ProbeError::NotHttp(url.to_owned()))?;
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

/// The server and the path of a URL.
#[derive(Debug, PartialEq, Eq)]
struct ProbeUrl<'a> {
    scheme: Scheme,
    /// Host and port.
    authority: String,
    path: &'a str,
}

impl<'a> ProbeUrl<'a> {
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

    fn get(&self, connection: Connection) -> io::Result<Vec<u8>> {
        match self.scheme {
            Scheme::Http => self.get_by(connection),
            Scheme::Https => self.get_by(tls::handshake(connection)?),
        }
    }

    fn get_by(&self, mut connection: impl Read + Write) -> io::Result<Vec<u8>> {
        let Self { authority, path, .. } = self;
        // One write: a TLS server answers the first bytes and closes, and a second write would fail with EPIPE.
        let request = format!("GET {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
        connection.write_all(request.as_bytes())?;
        connection.flush()?;
        let (mut response, mut chunk) = (Vec::new(), [0; 4096]);
        while response.len() < LIMIT {
            match connection.read(&mut chunk)? {
                0 => break,
                length => response.extend_from_slice(&chunk[..length]),
            }
        }
        Ok(response)
    }
}

/// The status and the body of a whole response (RFC 9112 §2.1).
fn read(response: &[u8]) -> Option<(u16, String)> {
    let response = String::from_utf8_lossy(response);
    let (head, body) = response.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some((status, body.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_split_as_in_a_browser() {
        for (url, scheme, authority, path) in [
            ("http://[::1]:9/readyz?a=b", Scheme::Http, "[::1]:9", "/readyz?a=b"),
            ("http://host", Scheme::Http, "host:80", "/"),
            ("https://host/", Scheme::Https, "host:443", "/"),
        ] {
            let target = ProbeUrl { scheme, authority: authority.to_owned(), path };
            assert_eq!(ProbeUrl::parse(url), Some(target), "{url}");
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
            assert_eq!(ProbeUrl::parse(url), None, "{url:?}");
        }
    }

    #[test]
    fn only_a_status_line_of_http_is_a_response() {
        assert_eq!(read(b"HTTP/1.1 503 Service Unavailable\r\nA: b\r\n\r\n{}"), Some((503, "{}".to_owned())));
        assert_eq!(read(b"SSH-2.0-OpenSSH\r\n\r\n"), None);
        assert_eq!(read(b""), None);
    }
}
