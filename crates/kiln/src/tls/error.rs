//! Errors of the certificate and its key.

use std::{io, path::PathBuf};

use tokio_rustls::rustls;

/// A certificate or a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read `{path}`: {source}; check the path and its permissions")]
    Read {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// A file is no PEM (RFC 7468).
    #[error("invalid PEM in `{path}`: {reason}; expected the file that came with the certificate")]
    Pem {
        /// The file.
        path: PathBuf,
        /// The mistake.
        reason: String,
    },
    /// There is no certificate in the file.
    #[error(
        "no certificate in `{path}`; expected `-----BEGIN CERTIFICATE-----`, the certificate of the server first"
    )]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// There is no key in the file.
    #[error(
        "no private key in `{path}`; expected `-----BEGIN PRIVATE KEY-----`, `RSA PRIVATE KEY` or `EC PRIVATE KEY`; \
         decrypt an encrypted key with `openssl pkey`"
    )]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// The type of the key is not supported.
    #[error(
        "unsupported private key in `{path}`: {source}; expected RSA with 2048 bits or more, ECDSA or Ed25519"
    )]
    Key {
        /// The file.
        path: PathBuf,
        /// The error of rustls.
        source: rustls::Error,
    },
    /// The certificate cannot be parsed.
    #[error("invalid certificate in `{path}`: {source}; have it issued again")]
    Certificate {
        /// The file.
        path: PathBuf,
        /// The error of rustls.
        source: rustls::Error,
    },
    /// The key belongs to another certificate.
    #[error(
        "the private key in `{key}` does not match the first certificate in `{certificate}`; name the two that were \
         issued together, with the certificate of the server before its intermediates"
    )]
    Mismatch {
        /// The file with the certificate.
        certificate: PathBuf,
        /// The file with the key.
        key: PathBuf,
    },
    /// The cryptography provider supports no version of TLS that rustls has.
    #[error("cannot set up TLS: {0}")]
    Provider(#[source] rustls::Error),
}
