//! The provenance of a package, as Rust source for the application to include.

use std::collections::BTreeMap;

use kiln_manifest::COMMIT_VARIABLE;

use crate::{Error, Result};

/// The source file that the application includes, below `OUT_DIR`.
pub const PROVENANCE_FILE: &str = "kiln_provenance.rs";

/// The output of `rustc --version` for the compiler of this crate, which is that of the application.
const RUSTC: &str = env!("KILN_RUSTC_VERSION");

/// The package of a build script, by cargo's environment.
pub struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) target: String,
    /// Features, sorted.
    pub(super) features: Vec<String>,
    commit: Option<String>,
}

impl Package {
    /// The package by the environment of a build script.
    ///
    /// # Errors
    /// When a variable that cargo sets is missing.
    pub fn of(environment: &BTreeMap<String, String>) -> Result<Self> {
        let variable = |name| environment.get(name).cloned().ok_or(Error::Environment(name));
        let commit = environment.get(COMMIT_VARIABLE).map(|commit| commit.trim().to_owned());
        Ok(Self {
            name: variable("CARGO_PKG_NAME")?,
            version: variable("CARGO_PKG_VERSION")?,
            target: variable("TARGET")?,
            features: features(environment.get("CARGO_CFG_FEATURE").map_or("", String::as_str)),
            commit: commit.filter(|commit| !commit.is_empty()),
        })
    }

    /// The source of a `Provenance` value.
    #[must_use]
    pub fn expression(&self) -> String {
        let Self { name, version, target, features, commit } = self;
        format!(
            "::kiln::manifest::Provenance {{\n    name: {name:?},\n    version: {version:?},\n    \
             commit: {commit:?},\n    rustc: {RUSTC:?},\n    target: {target:?},\n    \
             features: &{features:?},\n}}\n"
        )
    }
}

fn features(listed: &str) -> Vec<String> {
    let mut features: Vec<String> =
        listed.split(',').filter(|feature| !feature.is_empty()).map(str::to_owned).collect();
    features.sort();
    features
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_written_as_rust_source() {
        let package = Package {
            name: "app".to_owned(),
            version: "0.1.0".to_owned(),
            target: "x86_64-unknown-linux-gnu".to_owned(),
            features: features("otel,default"),
            commit: Some("0123abcd".to_owned()),
        };
        let expected = format!(
            r#"::kiln::manifest::Provenance {{
    name: "app",
    version: "0.1.0",
    commit: Some("0123abcd"),
    rustc: {RUSTC:?},
    target: "x86_64-unknown-linux-gnu",
    features: &["default", "otel"],
}}
"#
        );
        assert_eq!(package.expression(), expected);
        assert!(RUSTC.starts_with("rustc 1."), "{RUSTC}");
        assert!(
            Package { commit: None, features: features(""), ..package }
                .expression()
                .contains("commit: None,\n")
        );
    }
}
