//! The version of rolldown, and the browsers that it writes for.

/// The version of rolldown, and of all that belongs to it.
pub(in crate::compile) const VERSION: &str = "1.2.5";

/// The browsers that read every bundle: those for which styles are written as well, since 2023.
pub(in crate::compile) const BROWSERS: [&str; 5] =
    ["chrome111", "edge111", "firefox128", "ios16.4", "safari16.4"];
