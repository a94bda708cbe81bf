//! The lifecycle of an application over TLS, with HTTP/2 and HTTP/1.1.

mod certificates;
mod client;
mod files;
mod frame;
mod http2_silences;
mod limits;
mod negotiation;
#[cfg(unix)]
pub(crate) mod reload;
mod silences;
mod stop;

use std::time::Duration;

use kiln::{
    ServerOptions,
    server::DrainOptions,
    tls::{Tls, TlsOptions},
};

use self::{
    certificates::{Authority, Issued},
    client::Client,
};
use crate::harness::{Running, start_by};

/// An application that serves over TLS, with the authority of its certificate.
struct Secure {
    running: Running,
    tls: Tls,
    authority: Authority,
    issued: Issued,
}

impl Secure {
    fn start(drain: DrainOptions) -> Self {
        Self::start_as(ServerOptions {
            drain,
            workers: std::num::NonZeroUsize::new(2),
            ..ServerOptions::default()
        })
    }

    fn start_as(options: ServerOptions) -> Self {
        let authority = Authority::new();
        let issued = authority.issue("first.test");
        let tls = Tls::load(&TlsOptions { files: issued.files(), hsts_max_age: Duration::from_secs(7) });
        let tls = tls.expect("a certificate");
        let served = Some(tls.clone());
        let running = start_by(options, async |_| Ok(()), move |application| application.with_tls(served));
        Self { running, tls, authority, issued }
    }

    async fn connect(&self) -> Client {
        Client::connect(self.running.address, self.authority.roots()).await.expect("it listens")
    }

    /// Stops the application without blocking the clients, which are tasks of the test's runtime.
    async fn ended(self) {
        self.running.shutdown.drain();
        let ended = tokio::task::spawn_blocking(|| self.running.ended()).await;
        ended.expect("it does not panic").expect("a clean end");
    }
}
