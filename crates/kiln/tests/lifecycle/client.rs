//! An HTTP client without retries and without reconnection, which common clients do silently.

use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// Time-out after which the server counts as hanging.
const PATIENCE: Duration = Duration::from_secs(20);

/// A connection.
pub(crate) struct Client {
    stream: BufReader<TcpStream>,
}

/// A complete response.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) connection: Connection,
    pub(crate) body: String,
}

/// The `Connection` header of a response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    Keep,
    Close,
}

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> io::Result<Self> {
        Self::connect_within(address, PATIENCE)
    }

    pub(crate) fn connect_within(address: SocketAddr, timeout: Duration) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, timeout)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    pub(crate) fn get(&mut self, path: &str) -> io::Result<Answer> {
        self.send(path)?;
        self.receive()
    }

    pub(crate) fn send(&mut self, path: &str) -> io::Result<()> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        self.stream.get_mut().write_all(request.as_bytes())
    }

    pub(crate) fn receive(&mut self) -> io::Result<Answer> {
        let status_line = self.line()?;
        let status = status_line.split(' ').nth(1).and_then(|status| status.parse().ok());
        let status = status.ok_or_else(|| io::Error::other(format!("no status in {status_line:?}")))?;
        let (mut length, mut chunked, mut connection) = (0, false, Connection::Keep);
        loop {
            let line = self.line()?.to_ascii_lowercase();
            match line.split_once(": ") {
                None => break,
                Some(("content-length", value)) => length = value.parse().map_err(io::Error::other)?,
                Some(("transfer-encoding", value)) => chunked = value == "chunked",
                Some(("connection", "close")) => connection = Connection::Close,
                Some(_) => {}
            }
        }
        let body = if chunked { self.chunks()? } else { self.exactly(length)? };
        Ok(Answer { status, connection, body })
    }

    /// Waits until the server closes, without another byte.
    pub(crate) fn closed(&mut self) -> io::Result<()> {
        match self.stream.read(&mut [0])? {
            0 => Ok(()),
            _ => Err(io::Error::other("the server sent more")),
        }
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        match self.stream.read_line(&mut line)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(line.trim_end().to_owned()),
        }
    }

    fn exactly(&mut self, length: usize) -> io::Result<String> {
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body)?;
        String::from_utf8(body).map_err(io::Error::other)
    }

    fn chunks(&mut self) -> io::Result<String> {
        let mut body = String::new();
        loop {
            let length = usize::from_str_radix(&self.line()?, 16).map_err(io::Error::other)?;
            body.push_str(&self.exactly(length)?);
            self.line()?;
            if length == 0 {
                return Ok(body);
            }
        }
    }
}
