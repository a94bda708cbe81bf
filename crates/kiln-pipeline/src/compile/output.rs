//! Outputs of the compile stage: content with tokens for references, and its metadata.

use kiln_manifest::{CorsSetting, Destination, Exposure, LogicalPath, Policy};

use super::media_type::{media_type, media_type_of};
use crate::file_digest::FileDigest;

/// One output before its references are resolved.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) path: LogicalPath,
    pub(crate) exposure: Exposure,
    pub(crate) media_type: String,
    pub(crate) content: Content,
    /// Static imports of a script, or scripts and styles of a page, in load order.
    pub(crate) imports: Vec<LogicalPath>,
    /// Targets that a page certainly needs, in load order; for a script or style sheet that is an entry, everything that a
    /// page loads for it, itself last.
    pub(crate) preloads: Vec<UnresolvedPreload>,
    /// Inline scripts and styles of a page, which its Content-Security-Policy must allow.
    pub(crate) inline: Vec<Inline>,
    /// Whether the list of assets in service workers has the output: it is served, and neither a source map nor a service
    /// worker.
    pub(crate) is_listed: bool,
    /// Sources that a page which holds or loads the output adds to its policy.
    pub(crate) policy: Policy,
}

/// A script or style sheet that browsers may fetch before they have read the page.
#[derive(Clone, Debug)]
pub(crate) struct UnresolvedPreload {
    pub(crate) target: LogicalPath,
    pub(crate) destination: Destination,
    pub(crate) cors: CorsSetting,
}

/// The content of an output.
#[derive(Debug)]
pub(crate) enum Content {
    /// An unchanged file without references.
    File(FileDigest),
    /// Text with tokens for references.
    Text(String),
}

/// The text of an inline script or style.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Inline {
    Script(String),
    Style(String),
    /// The value of a `style` attribute, without entities.
    StyleAttribute(String),
}

impl Compiled {
    /// An output without imports, preloads and inline code.
    pub(crate) fn new(path: LogicalPath, exposure: Exposure, content: Content) -> Self {
        Self {
            media_type: media_type(&path),
            is_listed: exposure != Exposure::Private && path.extension() != Some("map"),
            path,
            exposure,
            content,
            imports: Vec::new(),
            preloads: Vec::new(),
            inline: Vec::new(),
            policy: Policy::default(),
        }
    }

    /// An output whose source begins with `head`, which tells formats apart that share an extension.
    pub(crate) fn with_head(path: LogicalPath, exposure: Exposure, content: Content, head: &[u8]) -> Self {
        Self { media_type: media_type_of(&path, head), ..Self::new(path, exposure, content) }
    }
}
