//! Errors of imports.

/// The cause for which a file cannot be imported.
#[derive(Debug, thiserror::Error)]
pub(super) enum ImportError {
    #[error("outside of assets/")]
    Outside,
    #[error("private file")]
    Private,
    #[error("{0} is not supported")]
    Uncompiled(&'static str),
    #[error("neither a module nor a known type of asset")]
    UnknownType,
    #[error("unknown query `?{0}`")]
    UnknownQuery(String),
    #[error("not a script")]
    NoWorker,
    #[error("not a style sheet")]
    NoStyle,
    #[error("not UTF-8")]
    NoText,
    #[error("unreadable file")]
    Unreadable,
    #[error(transparent)]
    Disconnected(#[from] Disconnected),
}

/// The error of a request to a service that has ended, which happens only after rolldown has failed.
#[derive(Debug, thiserror::Error)]
#[error("the build has ended")]
pub(super) struct Disconnected;

impl ImportError {
    /// The way to fix it.
    pub(super) fn help(&self) -> &'static str {
        match self {
            Self::Outside => "copy the file below assets/",
            Self::Private => {
                "remove it from `private` in [package.metadata.kiln], or remove the import: scripts are served"
            }
            Self::Uncompiled(_) => {
                "compile it in an external step, or keep your Vite as one (`[[package.metadata.kiln.steps]]`); `?url` imports its URL, `?raw` its text"
            }
            Self::UnknownType => "import it with `?url` for its URL, or with `?raw` for its text",
            Self::UnknownQuery(_) => "the queries are ?url, ?raw, ?inline, ?init, ?worker and ?sharedworker",
            Self::NoWorker => "import a script as a worker",
            Self::NoStyle => "import a style sheet, or remove `type: \"css\"`",
            Self::NoText => "save it as UTF-8, or import it with ?url",
            Self::Unreadable => "check that the file exists, and that this user may read it",
            Self::Disconnected(_) => "fix the other errors, and build again",
        }
    }
}
