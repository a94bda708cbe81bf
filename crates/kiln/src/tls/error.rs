//! Why a certificate or its key cannot be used, and how to mend it.

use std::{io, path::PathBuf};

use tokio_rustls::rustls;

/// A certificate or a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read.
    #[error("cannot read `{path}`: {source}; is the path right, and may this process read it?")]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file is no PEM (RFC 7468).
    #[error("`{path}` is damaged: {what}; expected the PEM that came with the certificate")]
    Pem {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// There is no certificate in the file.
    #[error(
        "`{path}` holds no certificate; expected `-----BEGIN CERTIFICATE-----`, that of the server first"
    )]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// There is no key in the file.
    #[error(
        "`{path}` holds no key; expected `-----BEGIN PRIVATE KEY-----`, or one that begins with `RSA` or `EC`; decrypt \
         one that is encrypted, with `openssl pkey`"
    )]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// The key is of no kind that can be used.
    #[error(
        "the key in `{path}` cannot be used: {source}; expected one of RSA from 2048 bits on, ECDSA or Ed25519"
    )]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: rustls::Error,
    },
    /// The certificate cannot be read as one.
    #[error("the first certificate in `{path}` cannot be used: {source}; ask whoever issued it for another")]
    Certificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: rustls::Error,
    },
    /// The key is that of another certificate.
    #[error(
        "the key in `{key}` is not that of the first certificate in `{certificate}`; name the two that were issued \
         together, the server's certificate before those that vouch for it"
    )]
    Mismatch {
        /// The file with the certificate.
        certificate: PathBuf,
        /// The file with the key.
        key: PathBuf,
    },
    /// The cryptography that was compiled in has no version of TLS in common with rustls.
    #[error("TLS cannot be set up: {0}")]
    Provider(#[source] rustls::Error),
}
