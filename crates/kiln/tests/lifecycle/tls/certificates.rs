//! Certificates for tests, and their authority.

use std::path::PathBuf;

use kiln::tls::TlsFiles;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use tempfile::TempDir;
use tokio_rustls::rustls::{RootCertStore, pki_types::CertificateDer};

/// The authority that clients trust.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

/// A certificate and its key, in files of their own.
pub(crate) struct Issued {
    pub(crate) folder: TempDir,
    pub(crate) certificate: String,
    pub(crate) key: String,
    pub(crate) key_der: Vec<u8>,
    pub(crate) der: CertificateDer<'static>,
}

impl Authority {
    pub(crate) fn new() -> Self {
        let mut parameters = CertificateParams::new([]).expect("no names");
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(
            CertifiedIssuer::self_signed(parameters, KeyPair::generate().expect("a key"))
                .expect("an authority"),
        )
    }

    /// A certificate for `name`.
    pub(crate) fn issue(&self, name: &str) -> Issued {
        self.issue_until(name, 2100)
    }

    /// A certificate for `name`, valid until the first of January of `year`.
    pub(crate) fn issue_until(&self, name: &str, year: i32) -> Issued {
        let key = KeyPair::generate().expect("a key");
        let mut parameters = CertificateParams::new([name.to_owned()]).expect("a name");
        parameters.not_before = rcgen::date_time_ymd(2020, 1, 1);
        parameters.not_after = rcgen::date_time_ymd(year, 1, 1);
        let certificate = parameters.signed_by(&key, &self.0).expect("a certificate");
        let issued = Issued {
            folder: tempfile::tempdir().expect("a folder"),
            certificate: certificate.pem(),
            key: key.serialize_pem(),
            key_der: key.serialize_der(),
            der: certificate.der().clone(),
        };
        std::fs::write(issued.files().certificate, &issued.certificate).expect("a file");
        std::fs::write(issued.files().key, &issued.key).expect("a file");
        issued
    }

    pub(crate) fn roots(&self) -> RootCertStore {
        let mut roots = RootCertStore::empty();
        roots.add(self.0.der().clone()).expect("a certificate");
        roots
    }
}

impl Issued {
    pub(crate) fn files(&self) -> TlsFiles {
        TlsFiles { certificate: self.path("tls.crt"), key: self.path("tls.key") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
