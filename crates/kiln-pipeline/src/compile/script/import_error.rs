//! ImportErrors of imports.

/// The reason why something cannot be imported.
#[derive(Debug, thiserror::Error)]
pub(super) enum ImportError {
    #[error("neither a script nor a file with a URL")]
    Outside,
    #[error("private, and a script is served")]
    Private,
    #[error("unknown query `?{0}`")]
    UnknownQuery(String),
    #[error("not a script")]
    NoWorker,
    #[error("not UTF-8")]
    NoText,
    #[error("cannot be read")]
    Unreadable,
    #[error(transparent)]
    Disconnected(#[from] Disconnected),
}

/// The thread of the service has ended, which it does only after rolldown.
#[derive(Debug, thiserror::Error)]
#[error("the build has ended")]
pub(super) struct Disconnected;

impl ImportError {
    /// The way to fix it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Outside => "keep files that scripts import below assets/",
            Self::Private => "take it out of `private` in [package.metadata.kiln], or do not import it",
            Self::UnknownQuery(_) => "the queries are ?url, ?raw, ?inline, ?worker and ?sharedworker",
            Self::NoWorker => "a worker is made of a script below assets/",
            Self::NoText => "save it as UTF-8, or import it with ?url",
            Self::Unreadable => "see that it is there, and that this user may read it",
            Self::Disconnected(_) => "fix the other errors, and build again",
        }
    }
}
