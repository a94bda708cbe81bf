//! TLS: a certificate and its key, read from two files, and read again while connections go on.
//!
//! [`Tls`] is what a server shakes hands with. Its owner may have it [read the files again](Tls::reload) at any time,
//! and a process has that done by SIGHUP: new handshakes meet the new certificate, connections that exist go on, and a
//! pair that cannot be used leaves the old one where it is.
//!
//! Versions and cipher suites are those of rustls: TLS 1.2 and 1.3. HTTP/2 is offered before HTTP/1.1.

mod error;
mod files;
mod pair;
mod validity;

use std::{
    fmt, io,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

pub use error::TlsError;
pub use files::TlsFiles;
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::{CryptoProvider, ring},
        server::{ClientHello, ResolvesServerCert},
        sign::CertifiedKey,
    },
};

use self::{
    pair::Pair,
    validity::{Standing, Validity},
};
use crate::lifespan::Lifespan;

/// How TLS is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsOptions {
    /// Where the certificate is.
    pub files: TlsFiles,
    /// For how long browsers shall come back by HTTPS alone, to the second (RFC 6797); none has them forget.
    pub hsts_max_age: Duration,
}

impl TlsOptions {
    /// A year: browsers that have been here come back by HTTPS for that long.
    pub const HSTS_MAX_AGE: Duration = Duration::from_hours(365 * 24);
}

/// A certificate and its key; clones share them, so that one reads them again for all.
#[derive(Clone, Debug)]
pub struct Tls {
    shared: Arc<Shared>,
    hsts_max_age: Duration,
}

struct Shared {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    current: RwLock<Arc<CertifiedKey>>,
    hangup: Mutex<Option<Hangup>>,
}

/// What the reload is called at `/readyz`.
const RESOURCE: &str = "certificate";

/// A reload that is under way when the application closes reads two files.
const DEADLINE: Duration = Duration::from_secs(5);

impl Tls {
    /// Reads the certificate and its key.
    ///
    /// # Errors
    /// When a file cannot be read or holds nothing of its kind, or when the two do not belong together.
    pub fn load(options: &TlsOptions) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let files = options.files.clone();
        let Pair { key, validity } = Pair::read(&files, &provider)?;
        tell("certificate", &files, validity.as_ref());
        let current = RwLock::new(Arc::new(key));
        let shared = Arc::new(Shared { files, provider, current, hangup: Mutex::default() });
        Ok(Self { shared, hsts_max_age: options.hsts_max_age })
    }

    /// Reads both files again. Handshakes from now on meet what they hold.
    ///
    /// # Errors
    /// As [`load`](Self::load); what was there before stays then.
    pub fn reload(&self) -> Result<(), TlsError> {
        let Shared { files, provider, current, .. } = &*self.shared;
        let Pair { key, validity } = Pair::read(files, provider)?;
        *current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
        tell("certificate reloaded", files, validity.as_ref());
        Ok(())
    }

    /// Has the application that serves with this [reload](Self::reload) at SIGHUP, for as long as it lives. Elsewhere
    /// than on Unix nothing asks for it.
    ///
    /// # Errors
    /// When the operating system refuses the handler.
    ///
    /// # Panics
    /// When called outside a tokio runtime.
    pub fn reloaded_on_hangup(self) -> io::Result<Self> {
        *self.shared.hangup.lock().unwrap_or_else(PoisonError::into_inner) = Some(Hangup::new()?);
        Ok(self)
    }

    /// The value of `Strict-Transport-Security` (RFC 6797 §6.1).
    pub(crate) fn hsts(&self) -> String {
        format!("max-age={}", self.hsts_max_age.as_secs())
    }

    /// What shakes hands.
    pub(crate) fn acceptor(&self) -> Result<TlsAcceptor, TlsError> {
        let Shared { provider, .. } = &*self.shared;
        let config = ServerConfig::builder_with_provider(Arc::clone(provider))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Provider)?;
        let shared: Arc<Shared> = Arc::clone(&self.shared);
        let mut config = config.with_no_client_auth().with_cert_resolver(shared);
        config.alpn_protocols = vec![HTTP_2.to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Makes the reload a task of the application's.
    pub(crate) fn enter(&self, lifespan: &mut Lifespan) {
        let hangup = self.shared.hangup.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut hangup) = hangup else { return };
        let tls = self.clone();
        lifespan.attempt(RESOURCE, DEADLINE, move |stop| async move {
            loop {
                tokio::select! {
                    () = hangup.next() => tls.reload_and_tell().await,
                    () = stop.cancelled() => return,
                }
            }
        });
    }

    async fn reload_and_tell(&self) {
        let tls = self.clone();
        let read = tokio::task::spawn_blocking(move || tls.reload().map_err(|error| error.to_string()));
        if let Err(error) = read.await.unwrap_or_else(|error| Err(error.to_string())) {
            tracing::error!(error, "the certificate was not reloaded, and the one before stays");
        }
    }
}

/// The name of HTTP/2 in a handshake (RFC 9113 §3.2).
pub(crate) const HTTP_2: &[u8] = b"h2";

fn tell(what: &str, files: &TlsFiles, validity: Option<&Validity>) {
    let certificate = files.certificate.display();
    let Some(validity) = validity else { return tracing::info!(%certificate, "{what}") };
    let (begins, ends) = (validity.begins.to_string(), validity.ends.to_string());
    match validity.standing(SystemTime::now()) {
        Standing::Valid => tracing::info!(%certificate, ends, "{what}"),
        Standing::Early => tracing::warn!(%certificate, begins, "{what}, which is not valid yet"),
        Standing::Expired => tracing::warn!(%certificate, ends, "{what}, which has expired; renew it"),
    }
}

impl ResolvesServerCert for Shared {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Without the key.
impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").field("files", &self.files).finish_non_exhaustive()
    }
}

#[cfg(unix)]
struct Hangup(tokio::signal::unix::Signal);

#[cfg(unix)]
impl Hangup {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};

        signal(SignalKind::hangup()).map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}

#[cfg(not(unix))]
struct Hangup;

#[cfg(not(unix))]
impl Hangup {
    #[expect(clippy::unnecessary_wraps, reason = "the Unix twin can fail")]
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        std::future::pending().await
    }
}
