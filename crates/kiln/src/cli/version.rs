//! `version`: the name, version and origin of this executable.

use std::io::{self, Write};

use clap::Args;
use kiln_manifest::{Digest, Manifest, Mode, Provenance};
use serde::Serialize;

use crate::seal;

/// Print the version
#[derive(Args, Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct VersionCommand {
    /// Print a JSON object, with commit, build id, compiler, features and seal
    #[arg(long)]
    json: bool,
}

/// The version as JSON.
#[derive(Serialize)]
struct Version<'a> {
    #[serde(flatten)]
    provenance: Provenance,
    mode: Mode,
    build_id: &'a Digest,
    /// Layers of the seal in this executable; `seal check` shows those of this kernel.
    seal: &'static [&'static str],
}

impl VersionCommand {
    /// Writes the provenance of the executable to `out`.
    ///
    /// # Errors
    /// When `out` cannot be written.
    pub fn run(self, provenance: Provenance, manifest: &Manifest, out: &mut dyn Write) -> io::Result<()> {
        let Provenance { name, version, commit, .. } = provenance;
        if self.json {
            let build_id = &manifest.build_id;
            let version = Version { provenance, mode: manifest.mode, build_id, seal: seal::LAYERS };
            serde_json::to_writer_pretty(&mut *out, &version)?;
            return writeln!(out);
        }
        match commit {
            Some(commit) => writeln!(out, "{name} {version} ({commit})"),
            None => writeln!(out, "{name} {version}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn written(json: bool, commit: Option<&'static str>) -> String {
        let provenance = Provenance {
            name: "app",
            version: "1.2.3",
            commit,
            rustc: "rustc 1.95.0",
            target: "x86_64-unknown-linux-gnu",
            features: &["default"],
        };
        let manifest = Manifest::new(Mode::Release, "/assets/".to_owned(), Vec::new(), Vec::new());
        let mut out = Vec::new();
        VersionCommand { json }.run(provenance, &manifest, &mut out).expect("in memory");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn a_version_has_its_commit_where_that_is_known() {
        assert_eq!(written(false, None), "app 1.2.3\n");
        assert_eq!(written(false, Some("0123abcd")), "app 1.2.3 (0123abcd)\n");
    }

    #[test]
    fn a_version_in_json_has_every_field() {
        let version: serde_json::Value = serde_json::from_str(&written(true, None)).expect("JSON");
        let names: BTreeSet<_> = version.as_object().expect("an object").keys().map(String::as_str).collect();
        let expected =
            ["build_id", "commit", "features", "mode", "name", "rustc", "seal", "target", "version"];
        assert_eq!(names, BTreeSet::from(expected));
        assert_eq!(version["mode"], "release");
        assert_eq!(version["commit"], serde_json::Value::Null);
        let layers = version["seal"].as_array().expect("an array").len();
        assert_eq!(layers, if cfg!(target_os = "linux") { 5 } else { 0 });
    }
}
