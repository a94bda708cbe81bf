//! What is left of probes by TLS without the feature `tls`: to say so.

use std::io;

use super::Connection;

pub(super) fn shake(_connection: Connection) -> io::Result<Connection> {
    Err(io::Error::other("this executable speaks no TLS; build it with the feature `tls`"))
}

#[cfg(test)]
mod tests {
    use std::{net::TcpListener, time::Duration};

    use crate::cli::probe;

    #[test]
    fn a_probe_by_tls_is_told_what_it_takes() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("https://{}/readyz", listener.local_addr().expect("an address"));
        let told = probe(&url, Duration::from_secs(20)).expect_err("there is no TLS").to_string();
        assert!(told.contains("the feature `tls`"), "{told}");
    }
}
