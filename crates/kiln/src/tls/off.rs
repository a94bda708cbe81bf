//! What is left of TLS without the feature `tls`: options that nobody can have.

use std::{convert::Infallible, fmt, io};

use crate::{lifespan::Lifespan, seal::Needs};

/// How TLS is served: not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsOptions {
    /// Where the certificate is.
    pub files: TlsFiles,
}

/// Where the certificate and its key are: nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles(Infallible);

/// A certificate and its key, which nobody can have.
#[derive(Clone, Debug)]
pub struct Tls(pub(crate) Infallible);

/// There is no TLS, so that nothing can be wrong with it.
#[derive(Debug)]
pub struct TlsError(Infallible);

impl TlsFiles {
    /// What the seal has to leave open.
    #[must_use]
    pub fn needs(&self) -> Needs {
        match self.0 {}
    }
}

impl Tls {
    /// Has nothing to read.
    ///
    /// # Errors
    /// Never.
    #[expect(clippy::must_use_candidate, reason = "as little as its twin")]
    pub fn load(options: &TlsOptions) -> Result<Self, TlsError> {
        match options.files.0 {}
    }

    /// Has nothing to read again.
    ///
    /// # Errors
    /// Never.
    #[expect(clippy::must_use_candidate, reason = "as little as its twin")]
    pub fn reload(&self) -> Result<(), TlsError> {
        match self.0 {}
    }

    /// Is never told to.
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
