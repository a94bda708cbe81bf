//! A certificate chain and its key, read from two files and checked against each other.

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

use super::{error::TlsError, files::TlsFiles};

/// Reads the certificate chain and its key.
pub(super) fn read(files: &TlsFiles, provider: &CryptoProvider) -> Result<CertifiedKey, TlsError> {
    let TlsFiles { certificate, key: key_file } = files;
    let chain = chain(certificate)?;
    let key = provider
        .key_provider
        .load_private_key(private_key(key_file)?)
        .map_err(|source| TlsError::Key { path: key_file.clone(), source })?;
    let certified = CertifiedKey::new(chain, key);
    match certified.keys_match() {
        // A key that does not expose its public half is trusted.
        Ok(()) | Err(Error::InconsistentKeys(InconsistentKeys::Unknown)) => Ok(certified),
        Err(Error::InconsistentKeys(_)) => {
            Err(TlsError::Mismatch { certificate: certificate.clone(), key: key_file.clone() })
        }
        Err(source) => Err(TlsError::Certificate { path: certificate.clone(), source }),
    }
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = text(path)?;
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&text).collect();
    match chain {
        Ok(chain) if chain.is_empty() => Err(TlsError::NoCertificate { path: path.to_owned() }),
        Ok(chain) => Ok(chain),
        Err(error) => Err(invalid_pem(path, &error)),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_slice(&text(path)?).map_err(|error| match error {
        pem::Error::NoItemsFound => TlsError::NoKey { path: path.to_owned() },
        error => invalid_pem(path, &error),
    })
}

fn text(path: &Path) -> Result<Vec<u8>, TlsError> {
    fs::read(path).map_err(|source| TlsError::Read { path: path.to_owned(), source })
}

/// The error in words of its own: those of `error` repeat lines of the file, which may be those of a key.
fn invalid_pem(path: &Path, error: &pem::Error) -> TlsError {
    let reason = match error {
        pem::Error::MissingSectionEnd { .. } => "missing end of a section",
        pem::Error::IllegalSectionStart { .. } => "invalid first line of a section",
        pem::Error::Base64Decode(_) => "invalid Base64",
        _ => "malformed section",
    };
    TlsError::Pem { path: path.to_owned(), reason: reason.to_owned() }
}
