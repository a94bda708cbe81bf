//! TLS: a certificate and its key, read from two files, and read again while connections go on.
//!
//! A [`Tls`] holds both for the handshakes of a server. Its owner may [reload](Tls::reload) them at any time, and a
//! process does so at SIGHUP: new handshakes get the new certificate, existing connections go on, and an invalid pair
//! leaves the previous one in place.
//!
//! Versions and cipher suites are those of rustls: TLS 1.2 and 1.3. HTTP/2 is offered before HTTP/1.1.

mod certified_key;
mod error;
mod files;
mod hangup;
mod validity;

use std::{
    fmt, io,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
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
use x509_parser::time::ASN1Time;

use self::{hangup::Hangup, validity::ValidityStatus};
use crate::lifespan::Lifespan;

/// Options of TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsOptions {
    /// Certificate and key.
    pub files: TlsFiles,
    /// Value of `max-age` in `Strict-Transport-Security` (RFC 6797), in full seconds; zero has browsers forget it.
    pub hsts_max_age: Duration,
}

impl TlsOptions {
    /// The default: a year.
    pub const HSTS_MAX_AGE: Duration = Duration::from_hours(365 * 24);
}

/// A certificate and its key; clones share them, so that a reload counts for all.
#[derive(Clone, Debug)]
pub struct Tls {
    shared: Arc<CertificateResolver>,
    hsts_max_age: Duration,
}

struct CertificateResolver {
    files: TlsFiles,
    provider: Arc<CryptoProvider>,
    current: RwLock<Arc<CertifiedKey>>,
    hangup: Mutex<Option<Hangup>>,
}

/// Name of the reload at `/readyz`.
const RESOURCE: &str = "certificate";

/// Time for a reload that is under way when the application closes.
const DEADLINE: Duration = Duration::from_secs(5);

impl Tls {
    /// Reads the certificate and its key.
    ///
    /// # Errors
    /// When a file cannot be read or holds nothing of its kind, or when the two do not belong together.
    pub fn load(options: &TlsOptions) -> Result<Self, TlsError> {
        let provider = Arc::new(ring::default_provider());
        let files = options.files.clone();
        let key = certified_key::read(&files, &provider)?;
        log_validity("certificate", &files, &key);
        let current = RwLock::new(Arc::new(key));
        let shared = Arc::new(CertificateResolver { files, provider, current, hangup: Mutex::default() });
        Ok(Self { shared, hsts_max_age: options.hsts_max_age })
    }

    /// Reads both files again, for all later handshakes.
    ///
    /// # Errors
    /// As [`load`](Self::load); the previous pair stays in place then.
    pub fn reload(&self) -> Result<(), TlsError> {
        let CertificateResolver { files, provider, current, .. } = &*self.shared;
        let key = Arc::new(certified_key::read(files, provider)?);
        *current.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&key);
        log_validity("certificate reloaded", files, &key);
        Ok(())
    }

    /// [Reloads](Self::reload) at SIGHUP, for as long as the application lives that serves with this. Systems other
    /// than Unix have no such signal.
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

    /// The acceptor of handshakes.
    pub(crate) fn acceptor(&self) -> Result<TlsAcceptor, TlsError> {
        let CertificateResolver { provider, .. } = &*self.shared;
        let config = ServerConfig::builder_with_provider(Arc::clone(provider))
            .with_safe_default_protocol_versions()
            .map_err(TlsError::Provider)?;
        let shared: Arc<CertificateResolver> = Arc::clone(&self.shared);
        let mut config = config.with_no_client_auth().with_cert_resolver(shared);
        config.alpn_protocols = vec![HTTP_2.to_vec(), b"http/1.1".to_vec()];
        Ok(TlsAcceptor::from(Arc::new(config)))
    }

    /// Makes the reload a task of the application.
    pub(crate) fn enter(&self, lifespan: &mut Lifespan) {
        let hangup = self.shared.hangup.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut hangup) = hangup else { return };
        let tls = self.clone();
        lifespan.spawn_best_effort(RESOURCE, DEADLINE, move |stop| async move {
            loop {
                tokio::select! {
                    () = hangup.next() => tls.reload_and_log().await,
                    () = stop.cancelled() => return,
                }
            }
        });
    }

    async fn reload_and_log(&self) {
        let tls = self.clone();
        let read = tokio::task::spawn_blocking(move || tls.reload().map_err(|error| error.to_string()));
        if let Err(error) = read.await.unwrap_or_else(|error| Err(error.to_string())) {
            tracing::error!(error, "certificate not reloaded; still serving with the previous one");
        }
    }
}

/// ALPN name of HTTP/2 (RFC 9113 §3.2).
pub(crate) const HTTP_2: &[u8] = b"h2";

fn log_validity(event: &str, files: &TlsFiles, key: &CertifiedKey) {
    let certificate = files.certificate.display();
    let Some(validity) = key.cert.first().and_then(|first| validity::of(first)) else {
        return tracing::info!(%certificate, "{event}");
    };
    let (begins, ends) = (validity::rfc3339(validity.not_before), validity::rfc3339(validity.not_after));
    match validity::status(&validity, ASN1Time::now()) {
        ValidityStatus::Valid => tracing::info!(%certificate, ends, "{event}"),
        ValidityStatus::NotYetValid => {
            tracing::warn!(%certificate, begins, "{event}: certificate is not yet valid");
        }
        ValidityStatus::Expired => {
            tracing::warn!(%certificate, ends, "{event}: certificate has expired; renew it");
        }
    }
}

impl ResolvesServerCert for CertificateResolver {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// Shows the files, never the key.
impl fmt::Debug for CertificateResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CertificateResolver").field("files", &self.files).finish_non_exhaustive()
    }
}
