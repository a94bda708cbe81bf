//! The version of rolldown, and the browsers that bundles support.

/// The version of rolldown and its crates.
pub(in crate::compile) const VERSION: &str = "1.2.5";

/// The oldest browsers that bundles support, of 2023: Tailwind's targets, and Edge.
pub(in crate::compile) const BROWSERS: [&str; 5] =
    ["chrome111", "edge111", "firefox128", "ios16.4", "safari16.4"];
