//! Uses in sources that the policy of a page has to allow: URLs of other origins, inline handlers, code from text.

use kiln_manifest::{Directive, LogicalPath};

/// A use that the policies of some pages have to allow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Demand {
    /// File, line and column of the source, `assets/app.ts:3:7`.
    pub(crate) place: String,
    pub(crate) kind: DemandKind,
    pub(crate) scope: DemandScope,
}

#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(not(feature = "toolchain"), expect(dead_code, reason = "scripts are read by the toolchain alone"))]
pub(crate) enum DemandKind {
    /// A URL with a scheme, or of another host.
    Url { directive: Directive, url: String },
    /// The script in an attribute such as `onclick`.
    Handler { script: String },
    /// A worker of another origin, which browsers refuse whatever the policy says.
    Worker { url: String },
    /// `eval` or `new Function` of text that is made while the script runs.
    Code { package: Option<String> },
    /// Style elements or attributes that a package inserts.
    Styles { directive: Directive, package: String },
}

/// The pages that a demand concerns.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "toolchain"),
    expect(dead_code, reason = "scripts and style sheets are read by the toolchain alone")
)]
pub(crate) enum DemandScope {
    Page(LogicalPath),
    /// Pages that load one of these outputs.
    Outputs(Vec<LogicalPath>),
    /// Pages that load a style sheet with this text.
    Text(String),
}

/// Whether a URL is one that a policy decides about: of another host, or with a scheme that loads something.
pub(crate) fn is_decided(url: &str) -> bool {
    let url = url.trim_start();
    let begins = |start: &&str| url.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start));
    ["//", "http://", "https://", "ws://", "wss://", "data:", "blob:"].iter().any(begins)
}
