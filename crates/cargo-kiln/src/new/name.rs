//! The name of a package, which becomes a folder, a crate, a file name and a word in URLs.

use std::{fmt, str::FromStr};

/// A name that cargo takes and Rust can write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(String);

/// Rule of package names that a name breaks.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum InvalidName {
    /// First character that is no lowercase letter.
    #[error("invalid package name; begin it with a lowercase letter: `hello`")]
    Start,
    /// Character other than lowercase letters, digits, `-` and `_`.
    #[error("invalid character `{0}` in a package name; use lowercase letters, digits, `-` and `_`")]
    Character(char),
    /// Word of Rust, cargo or Kiln.
    #[error("reserved package name `{0}`; choose another")]
    Reserved(String),
    /// More characters than cargo allows.
    #[error("package name too long; use at most 64 characters")]
    Long,
}

/// Keywords, the names that every crate sees, and those of folders in a target folder.
const RESERVED: [&str; 62] = [
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "kiln",
    "kiln-build",
    "kiln-pipeline",
    "kiln_build",
    "kiln_pipeline",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc_macro",
    "proc-macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
];

impl Name {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the crate, which has no dash.
    pub(super) fn crate_name(&self) -> String {
        self.0.replace('-', "_")
    }
}

impl FromStr for Name {
    type Err = InvalidName;

    fn from_str(name: &str) -> Result<Self, InvalidName> {
        if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
            return Err(InvalidName::Start);
        }
        let is_allowed = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if let Some(character) = name.chars().find(|character| !is_allowed(character)) {
            return Err(InvalidName::Character(character));
        }
        if RESERVED.contains(&name) {
            return Err(InvalidName::Reserved(name.to_owned()));
        }
        if name.len() > 64 { Err(InvalidName::Long) } else { Ok(Self(name.to_owned())) }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_that_cargo_and_rust_take() {
        for good in ["demo", "my-app", "a_1"] {
            assert_eq!(good.parse::<Name>().map(|name| name.to_string()).as_deref(), Ok(good));
        }
        for (bad, why) in [
            ("", InvalidName::Start),
            ("1st", InvalidName::Start),
            ("Demo", InvalidName::Start),
            ("../up", InvalidName::Start),
            ("a/b", InvalidName::Character('/')),
            ("café", InvalidName::Character('é')),
            ("async", InvalidName::Reserved("async".to_owned())),
            ("kiln", InvalidName::Reserved("kiln".to_owned())),
        ] {
            assert_eq!(bad.parse::<Name>(), Err(why), "{bad}");
        }
        assert_eq!("a".repeat(65).parse::<Name>(), Err(InvalidName::Long));
    }
}
