//! Kiln's crates, as the `Cargo.toml` of a new project names them.

use std::{env, path::Path};

use miette::{IntoDiagnostic, Result, WrapErr, miette};

/// The place of Kiln's crates.
pub(super) enum Crates {
    /// A registry, in the version of this tool.
    Registry,
    /// A folder of sources, as seen from the project.
    Folder(String),
}

/// Crates that projects name.
const NAMES: [&str; 2] = ["kiln", "kiln-build"];

impl Crates {
    /// The crates of the sources in `folder`, for a project in `project`; without a folder, those of the registry.
    ///
    /// # Errors
    /// When the folder does not hold Kiln's sources.
    pub(super) fn new(folder: Option<&Path>, project: &Path) -> Result<Self> {
        let Some(given) = folder else { return Ok(Self::Registry) };
        let found =
            given.canonicalize().ok().filter(|folder| folder.join("crates/kiln/Cargo.toml").is_file());
        let folder = found.ok_or_else(|| {
            miette!(
                help = "name the folder that holds `crates/kiln`: `cargo kiln new NAME --kiln-path FOLDER`",
                "no sources of Kiln in `{}`",
                given.display()
            )
        })?;
        let here = env::current_dir().into_diagnostic().wrap_err("could not find the current folder")?;
        let project = here.canonicalize().into_diagnostic()?.join(project);
        Ok(Self::Folder(written(&pathdiff::diff_paths(&folder, project).unwrap_or(folder))?))
    }

    /// The text of a template, with the place of each crate for its marker, such as `{{kiln-build}}`.
    pub(super) fn fill(&self, text: &str) -> String {
        NAMES
            .iter()
            .fold(text.to_owned(), |text, name| text.replace(&format!("{{{{{name}}}}}"), &self.place(name)))
    }

    fn place(&self, name: &str) -> String {
        match self {
            Self::Registry => format!("version = \"{}\"", env!("CARGO_PKG_VERSION")),
            Self::Folder(folder) => format!("path = \"{folder}/crates/{name}\""),
        }
    }
}

/// A path, escaped for a string in TOML.
fn written(path: &Path) -> Result<String> {
    let text = path.to_str().ok_or_else(|| miette!("path is not UTF-8: `{}`", path.display()))?;
    Ok(text.replace('\\', "/").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_project_names_a_version_or_a_folder_as_seen_from_itself() {
        let template = "kiln = { {{kiln}} }\nkiln-build = { {{kiln-build}}, features = [] }\n";
        let version = env!("CARGO_PKG_VERSION");
        let registry = Crates::new(None, Path::new("hello")).expect("crates").fill(template);
        let expected = format!(
            "kiln = {{ version = \"{version}\" }}\nkiln-build = {{ version = \"{version}\", features = [] }}\n"
        );
        assert_eq!(registry, expected);
        let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let folder = Crates::new(Some(&sources), Path::new("hello")).expect("crates").fill(template);
        let expected = "kiln = { path = \"../../../crates/kiln\" }\nkiln-build = { path = \"../../../crates/kiln-build\", features = [] }\n";
        assert_eq!(folder, expected);
    }

    #[test]
    fn a_folder_without_sources_of_kiln_is_an_error() {
        let folder = tempfile::tempdir().expect("a folder");
        let error = Crates::new(Some(folder.path()), Path::new("hello")).err().expect("an error");
        assert!(error.to_string().starts_with("no sources of Kiln in "), "{error}");
    }
}
