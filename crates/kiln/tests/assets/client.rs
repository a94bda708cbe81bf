//! A client that sends its request byte for byte: libraries repair paths and headers.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
};

/// A request, to be completed and sent.
pub(crate) struct Request {
    address: SocketAddr,
    head: String,
}

/// A response.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(address: SocketAddr, method: &str, target: &str) -> Self {
        Self { address, head: format!("{method} {target} HTTP/1.1\r\nHost: kiln.test\r\n") }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.head.extend([name, ": ", value, "\r\n"]);
        self
    }

    pub(crate) async fn send(self) -> Reply {
        let wire = exchange(self.address, format!("{}Connection: close\r\n\r\n", self.head)).await;
        let (reply, rest) = Reply::parse(&wire, wire.len());
        assert!(rest.is_empty());
        reply
    }
}

/// Sends `request` and reads until the server closes.
pub(crate) async fn exchange(address: SocketAddr, request: impl AsRef<[u8]>) -> Vec<u8> {
    exchange_over(TcpStream::connect(address).await.expect("connect"), request).await
}

/// [`exchange`] over an open connection of any kind.
pub(crate) async fn exchange_over(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    request: impl AsRef<[u8]>,
) -> Vec<u8> {
    stream.write_all(request.as_ref()).await.expect("send");
    let mut wire = Vec::new();
    stream.read_to_end(&mut wire).await.expect("receive");
    wire
}

impl Reply {
    /// Parses a head and at most `limit` bytes of body; returns the rest.
    pub(crate) fn parse(wire: &[u8], limit: usize) -> (Self, &[u8]) {
        let end = wire.windows(4).position(|window| window == b"\r\n\r\n").expect("the end of the head");
        let head = std::str::from_utf8(&wire[..end]).expect("a head in ASCII");
        let mut lines = head.split("\r\n");
        let status = lines.next().and_then(|line| line.split(' ').nth(1)).expect("a status");
        let headers = lines
            .map(|line| line.split_once(": ").expect("a header"))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let rest = &wire[end + 4..];
        let (body, rest) = rest.split_at(limit.min(rest.len()));
        (Self { status: status.parse().expect("a number"), headers, body: body.to_vec() }, rest)
    }

    /// The value of a header that stands once, or none.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut values =
            self.headers.iter().filter(|(found, _)| found == name).map(|(_, value)| value.as_str());
        let value = values.next();
        assert_eq!(values.next(), None, "{name} stands twice");
        value
    }

    /// Headers, in their order.
    pub(crate) fn fields(&self) -> &[(String, String)] {
        &self.headers
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }
}
