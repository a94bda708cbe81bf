//! From two files to a certificate with its key, checked against each other.

use std::{fs, path::Path};

use tokio_rustls::rustls::{
    Error, InconsistentKeys,
    crypto::CryptoProvider,
    pki_types::{
        CertificateDer, PrivateKeyDer,
        pem::{self, PemObject},
    },
    sign::CertifiedKey,
};

use super::{TlsError, TlsFiles, validity::Validity};

/// What a handshake needs, and from when to when it holds.
pub(super) struct Pair {
    pub(super) key: CertifiedKey,
    /// None when it stands in no form that is known.
    pub(super) validity: Option<Validity>,
}

impl Pair {
    pub(super) fn read(files: &TlsFiles, provider: &CryptoProvider) -> Result<Self, TlsError> {
        let TlsFiles { certificate, key: key_file } = files;
        let chain = chain(certificate)?;
        let key = provider
            .key_provider
            .load_private_key(private_key(key_file)?)
            .map_err(|source| TlsError::Key { path: key_file.clone(), source })?;
        let validity = chain.first().and_then(|first| Validity::of(first));
        let key = CertifiedKey::new(chain, key);
        match key.keys_match() {
            // A key that does not tell its public half is taken at its word.
            Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(Self { key, validity }),
            Err(Error::InconsistentKeys(_)) => {
                Err(TlsError::Mismatch { certificate: certificate.clone(), key: key_file.clone() })
            }
            Err(source) => Err(TlsError::Certificate { path: certificate.clone(), source }),
        }
    }
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = read(path)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match chain {
        Ok(chain) if chain.is_empty() => Err(TlsError::NoCertificate { path: path.to_owned() }),
        Ok(chain) => Ok(chain),
        Err(error) => Err(damaged(path, &error)),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(&read(path)?).map_err(|error| match error {
        pem::Error::NoItemsFound => TlsError::NoKey { path: path.to_owned() },
        error => damaged(path, &error),
    })
}

fn read(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|source| TlsError::Read { path: path.to_owned(), source })
}

/// The error's own text repeats lines of the file, which may be those of a key.
fn damaged(path: &Path, error: &pem::Error) -> TlsError {
    let what = match error {
        pem::Error::MissingSectionEnd { .. } => "a section has no end",
        pem::Error::IllegalSectionStart { .. } => "a section begins in an unknown way",
        pem::Error::Base64Decode(_) => "a section is no Base64",
        _ => "it cannot be read as PEM",
    };
    TlsError::Pem { path: path.to_owned(), what: what.to_owned() }
}
