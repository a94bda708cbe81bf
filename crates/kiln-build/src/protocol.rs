//! The answer of the engine: a line with its version, the directives for cargo, and a last line that shows that nothing is
//! missing.

/// The first line, before the version.
pub const FIRST_LINE: &str = "kiln-engine ";
/// The last line, with its end.
pub const LAST_LINE: &str = "kiln-engine has finished\n";
