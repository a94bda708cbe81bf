//! A connection with a deadline. The time-out of a single read would let a server that sends byte by byte go on for
//! ever.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, SocketAddr, TcpStream},
    time::{Duration, Instant},
};

/// A connection that ends at its deadline.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) stream: TcpStream,
    deadline: Instant,
}

impl Connection {
    /// Connects to the first address of a name that answers: `localhost` often has one without a listener.
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

    /// Whether the peer is this machine.
    pub(super) fn is_here(&self) -> io::Result<bool> {
        Ok(is_same_machine(self.stream.local_addr()?.ip(), self.stream.peer_addr()?.ip()))
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

/// A connection to one of the machine's own addresses has that address at both ends.
fn is_same_machine(here: IpAddr, there: IpAddr) -> bool {
    here == there || there.to_canonical().is_loopback()
}

fn left(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_with_equal_ends_is_local() {
        for (here, there, expected) in [
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.2", false),
            ("127.0.0.1", "127.0.0.2", true),
            ("::1", "::ffff:127.0.0.1", true),
            ("2001:db8::1", "2001:db8::2", false),
        ] {
            let [here, there] = [here, there].map(|ip| ip.parse().expect(ip));
            assert_eq!(is_same_machine(here, there), expected, "{here} {there}");
        }
    }
}
