//! A connection to whom is probed. A read's own time-out alone would let a server that sends byte by byte go on for
//! ever.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

/// One that ends at its deadline.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    deadline: Instant,
}

impl Connection {
    /// Tries every address of a name: `localhost` often has one that nobody listens on.
    pub(super) fn open(addresses: &[SocketAddr], deadline: Instant) -> io::Result<Self> {
        let mut failure = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in addresses {
            match TcpStream::connect_timeout(address, left(deadline)?) {
                Ok(stream) => return Ok(Self { stream, deadline }),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }
}

impl Read for Connection {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(left(self.deadline)?))?;
        self.stream.read(buffer)
    }
}

impl Write for Connection {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(left(self.deadline)?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}
