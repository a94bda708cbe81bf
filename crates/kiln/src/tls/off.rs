//! TLS without the feature `tls`: options of which there is no value.

use std::{convert::Infallible, fmt, io};

use crate::{lifespan::Lifespan, seal::Needs};

/// Options of TLS, of which there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsOptions {
    /// Certificate and key.
    pub files: TlsFiles,
}

/// The files of the certificate and its key, of which there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles(Infallible);

/// A certificate and its key, of which there is no value.
#[derive(Clone, Debug)]
pub struct Tls(pub(crate) Infallible);

/// An error of TLS, of which there is no value.
#[derive(Debug)]
pub struct TlsError(Infallible);

impl TlsFiles {
    /// Paths that the seal has to leave readable.
    #[must_use]
    pub fn needs(&self) -> Needs {
        match self.0 {}
    }
}

impl Tls {
    /// Cannot be called.
    ///
    /// # Errors
    /// Never.
    #[expect(clippy::must_use_candidate, reason = "as little as its twin")]
    pub fn load(options: &TlsOptions) -> Result<Self, TlsError> {
        match options.files.0 {}
    }

    /// Cannot be called.
    ///
    /// # Errors
    /// Never.
    #[expect(clippy::must_use_candidate, reason = "as little as its twin")]
    pub fn reload(&self) -> Result<(), TlsError> {
        match self.0 {}
    }

    /// Cannot be called.
    ///
    /// # Errors
    /// Never.
    pub fn reloaded_on_hangup(self) -> io::Result<Self> {
        match self.0 {}
    }

    pub(crate) fn hsts(&self) -> String {
        match self.0 {}
    }

    pub(crate) fn enter(&self, _: &mut Lifespan) {
        match self.0 {}
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {}
    }
}

impl std::error::Error for TlsError {}
