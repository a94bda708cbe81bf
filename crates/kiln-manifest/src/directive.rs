//! Directives of a Content-Security-Policy.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A directive of a Content-Security-Policy (CSP Level 3 §6; Trusted Types §4.3). The order is that of a written policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
#[expect(missing_docs, reason = "the names are those of the specification")]
pub enum Directive {
    DefaultSrc,
    ScriptSrc,
    ScriptSrcElem,
    ScriptSrcAttr,
    StyleSrc,
    StyleSrcElem,
    StyleSrcAttr,
    ImgSrc,
    FontSrc,
    ConnectSrc,
    MediaSrc,
    WorkerSrc,
    ChildSrc,
    FrameSrc,
    ManifestSrc,
    ObjectSrc,
    BaseUri,
    FormAction,
    FrameAncestors,
    Sandbox,
    RequireTrustedTypesFor,
    TrustedTypes,
    UpgradeInsecureRequests,
    ReportUri,
    ReportTo,
}

impl Directive {
    /// All directives, in the order of a written policy.
    pub const ALL: [Self; 25] = [
        Self::DefaultSrc,
        Self::ScriptSrc,
        Self::ScriptSrcElem,
        Self::ScriptSrcAttr,
        Self::StyleSrc,
        Self::StyleSrcElem,
        Self::StyleSrcAttr,
        Self::ImgSrc,
        Self::FontSrc,
        Self::ConnectSrc,
        Self::MediaSrc,
        Self::WorkerSrc,
        Self::ChildSrc,
        Self::FrameSrc,
        Self::ManifestSrc,
        Self::ObjectSrc,
        Self::BaseUri,
        Self::FormAction,
        Self::FrameAncestors,
        Self::Sandbox,
        Self::RequireTrustedTypesFor,
        Self::TrustedTypes,
        Self::UpgradeInsecureRequests,
        Self::ReportUri,
        Self::ReportTo,
    ];

    /// The directive of this name: `script-src`.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|directive| directive.name() == name)
    }

    /// The name: `script-src`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::DefaultSrc => "default-src",
            Self::ScriptSrc => "script-src",
            Self::ScriptSrcElem => "script-src-elem",
            Self::ScriptSrcAttr => "script-src-attr",
            Self::StyleSrc => "style-src",
            Self::StyleSrcElem => "style-src-elem",
            Self::StyleSrcAttr => "style-src-attr",
            Self::ImgSrc => "img-src",
            Self::FontSrc => "font-src",
            Self::ConnectSrc => "connect-src",
            Self::MediaSrc => "media-src",
            Self::WorkerSrc => "worker-src",
            Self::ChildSrc => "child-src",
            Self::FrameSrc => "frame-src",
            Self::ManifestSrc => "manifest-src",
            Self::ObjectSrc => "object-src",
            Self::BaseUri => "base-uri",
            Self::FormAction => "form-action",
            Self::FrameAncestors => "frame-ancestors",
            Self::Sandbox => "sandbox",
            Self::RequireTrustedTypesFor => "require-trusted-types-for",
            Self::TrustedTypes => "trusted-types",
            Self::UpgradeInsecureRequests => "upgrade-insecure-requests",
            Self::ReportUri => "report-uri",
            Self::ReportTo => "report-to",
        }
    }

    /// Directives of which the first that a policy has stands for this one where it is absent (CSP Level 3 §6.8.3).
    #[must_use]
    pub const fn fallbacks(self) -> &'static [Self] {
        match self {
            Self::ScriptSrcElem | Self::ScriptSrcAttr => &[Self::ScriptSrc, Self::DefaultSrc],
            Self::StyleSrcElem | Self::StyleSrcAttr => &[Self::StyleSrc, Self::DefaultSrc],
            Self::WorkerSrc => &[Self::ChildSrc, Self::ScriptSrc, Self::DefaultSrc],
            Self::FrameSrc => &[Self::ChildSrc, Self::DefaultSrc],
            Self::ScriptSrc
            | Self::StyleSrc
            | Self::ImgSrc
            | Self::FontSrc
            | Self::ConnectSrc
            | Self::MediaSrc
            | Self::ChildSrc
            | Self::ManifestSrc
            | Self::ObjectSrc => &[Self::DefaultSrc],
            _ => &[],
        }
    }
}

impl fmt::Display for Directive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_has_the_names_of_the_specification() {
        assert!(Directive::ALL.is_sorted(), "the order of a written policy");
        for directive in Directive::ALL {
            assert_eq!(serde_json::to_value(directive).expect("a name"), directive.name());
            assert_eq!(Directive::of_name(directive.name()), Some(directive));
        }
    }
}
