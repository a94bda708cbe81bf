//! Options of a process that serves.

use std::net::SocketAddr;

use crate::{
    error::Error,
    observe::{LogFilter, LogFormat},
    seal::{Needs, SealMode},
    server::{ReusePort, ServerOptions},
    tls::{Tls, TlsOptions},
};

/// Everything that can be set about a process that serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Where metrics and probes are answered besides; `None` is nowhere.
    pub admin: Option<SocketAddr>,
    /// How to serve by TLS; `None` is without.
    pub tls: Option<TlsOptions>,
    /// Whether a successor may bind the same ports.
    pub reuse_port: ReusePort,
    /// How the process is set up.
    pub process: ProcessOptions,
    /// How it serves and stops.
    pub server: ServerOptions,
}

/// How a process is set up before any of its work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcessOptions {
    /// What is logged.
    pub log: LogFilter,
    /// How it is logged.
    pub log_format: LogFormat,
    /// How much the seal matters.
    pub seal: SealMode,
    /// What the seal has to leave open.
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
            server: ServerOptions::default(),
        }
    }
}

impl Options {
    /// Reads the certificate that the process serves with, if it has one, and will again at SIGHUP.
    ///
    /// # Errors
    /// When the certificate or its key cannot be used, or the operating system refuses to tell of the signal.
    ///
    /// # Panics
    /// When called outside a tokio runtime.
    pub fn tls(&self) -> Result<Option<Tls>, Error> {
        let Some(options) = &self.tls else { return Ok(None) };
        let tls = Tls::load(options)?.reloaded_on_hangup();
        tls.map(Some).map_err(Error::system("listen for SIGHUP"))
    }

    /// What serving needs of the system: the ports that [`Sockets::bind`](super::Sockets::bind) binds, and the files of
    /// [`tls`](Self::tls).
    #[must_use]
    pub fn needs(&self) -> Needs {
        let needs = self.tls.as_ref().map_or_else(Needs::new, |tls| tls.files.needs());
        let needs = needs.listen(self.listen.port());
        self.admin.map_or(needs.clone(), |admin| needs.listen(admin.port()))
    }
}
