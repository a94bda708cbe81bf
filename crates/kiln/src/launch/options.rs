//! Options of a process that serves.

use std::net::SocketAddr;

use crate::{
    error::Error,
    observe::{LogFilter, LogFormat},
    seal::{Needs, SealMode},
    server::{Hosts, ReusePort, ServerOptions},
    tls::{Tls, TlsOptions},
};

/// Options of a process that serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address of the admin listener, for metrics and probes; `None` is without.
    pub admin: Option<SocketAddr>,
    /// Options of TLS; `None` is without.
    pub tls: Option<TlsOptions>,
    /// Whether a successor may bind the same ports.
    pub reuse_port: ReusePort,
    /// Set-up of the process.
    pub process: ProcessOptions,
    /// Serving and stopping.
    pub server: ServerOptions,
}

/// Options of setting up a process, before any of its work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessOptions {
    /// Filter of the log.
    pub log: LogFilter,
    /// Format of the log.
    pub log_format: LogFormat,
    /// Mode of the seal.
    pub seal: SealMode,
    /// Files and ports that the seal has to leave open.
    pub needs: Needs,
}

impl Default for Options {
    fn default() -> Self {
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        Self {
            listen,
            admin: None,
            tls: None,
            reuse_port: ReusePort::default(),
            process: ProcessOptions::default(),
            server: ServerOptions { hosts: Hosts::ByListener, ..ServerOptions::default() },
        }
    }
}

impl Options {
    /// Reads the certificate that the process serves with, if it has one, and will again at SIGHUP.
    ///
    /// # Errors
    /// When the certificate or its key cannot be used, or the operating system refuses the signal handler.
    ///
    /// # Panics
    /// When called outside a tokio runtime.
    pub fn tls(&self) -> Result<Option<Tls>, Error> {
        let Some(options) = &self.tls else { return Ok(None) };
        let tls = Tls::load(options)?.reloaded_on_hangup();
        tls.map(Some).map_err(Error::system("listen for SIGHUP"))
    }

    /// Needs of serving: the ports that [`Sockets::bind`](super::Sockets::bind) binds, the files of [`tls`](Self::tls),
    /// and the socket by which systemd is notified, where it started the process.
    #[must_use]
    pub fn needs(&self) -> Needs {
        let needs = self.tls.as_ref().map_or_else(Needs::new, |tls| tls.files.needs());
        let needs = needs.listen(self.listen.port());
        // `man 3 sd_notify`
        let needs = match std::env::var_os("NOTIFY_SOCKET") {
            Some(path) => needs.connect_unix(path),
            None => needs,
        };
        match self.admin {
            Some(admin) => needs.listen(admin.port()),
            None => needs,
        }
    }
}
