//! Probes by TLS without the feature `tls`: an error.

use std::io;

use super::connection::Connection;

pub(super) fn handshake(_connection: Connection) -> io::Result<Connection> {
    Err(io::Error::other("this executable was built without TLS; build it with the feature `tls`"))
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, time::Duration};

    use super::super::request::probe;

    #[test]
    fn a_probe_over_tls_names_the_feature() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("https://{}/readyz", listener.local_addr().expect("an address"));
        let message = probe(&url, Duration::from_secs(20)).expect_err("there is no TLS").to_string();
        assert!(message.contains("the feature `tls`"), "{message}");
    }
}
