//! `package.json`: declared dependencies, the package manager, and the members of a workspace.

use std::{collections::BTreeMap, fs, path::Path};

use serde::Deserialize;

use crate::{Error, Result, glob::glob};

/// The fields of a `package.json` that concern its installation.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct DeclaredPackage {
    package_manager: Option<String>,
    workspaces: Option<WorkspaceGlobs>,
    dependencies: BTreeMap<String, String>,
    dev_dependencies: BTreeMap<String, String>,
    optional_dependencies: BTreeMap<String, String>,
}

/// Folders of members: a list, or in yarn classic an object with one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum WorkspaceGlobs {
    List(Vec<String>),
    Object {
        #[serde(default)]
        packages: Vec<String>,
    },
}

/// `pnpm-workspace.yaml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PnpmWorkspace {
    packages: Vec<String>,
}

impl DeclaredPackage {
    /// Parses `content`; `path` stands in the error.
    ///
    /// # Errors
    /// When it is invalid.
    pub(super) fn parse(path: &Path, content: &str) -> Result<Self> {
        serde_json::from_str(content).map_err(|error| Error::Tree {
            path: path.to_owned(),
            problem: format!("invalid package.json: {error}"),
            help: "package.json is JSON: names and texts in double quotes, no comments, no comma at the end"
                .to_owned(),
        })
    }

    /// The `package.json` in `folder`; empty when there is none.
    ///
    /// # Errors
    /// When it cannot be read, or is invalid.
    pub(super) fn read(folder: &Path) -> Result<Self> {
        let file = folder.join("package.json");
        if !file.is_file() {
            return Ok(Self::default());
        }
        let content = fs::read_to_string(&file).map_err(Error::io("read", &file))?;
        Self::parse("package.json".as_ref(), &content)
    }

    /// Names of the dependencies that are not those of development.
    pub(super) fn production(&self) -> impl Iterator<Item = &str> {
        self.dependencies.keys().chain(self.optional_dependencies.keys()).map(String::as_str)
    }

    /// Dependencies of all kinds, by name and version range.
    pub(super) fn declared(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = [&self.dependencies, &self.dev_dependencies, &self.optional_dependencies];
        all.into_iter().flatten().map(|(name, range)| (name.as_str(), range.as_str()))
    }

    /// The name in `packageManager`, without its version.
    pub(super) fn manager(&self) -> Option<&str> {
        self.package_manager.as_deref()?.split('@').next()
    }

    fn workspace_globs(&self) -> &[String] {
        match &self.workspaces {
            Some(WorkspaceGlobs::List(globs) | WorkspaceGlobs::Object { packages: globs }) => globs,
            None => &[],
        }
    }
}

/// The `package.json` of the workspace in `above`, when the folder `member` below it is one of its members.
pub(super) fn workspace_of(above: &Path, member: &str) -> Option<DeclaredPackage> {
    let read = |name| fs::read_to_string(above.join(name)).unwrap_or_default();
    let package: DeclaredPackage = serde_json::from_str(&read("package.json")).unwrap_or_default();
    let of_pnpm: PnpmWorkspace = serde_saphyr::from_str(&read("pnpm-workspace.yaml")).unwrap_or_default();
    (covers(&of_pnpm.packages, member) || covers(package.workspace_globs(), member)).then_some(package)
}

/// Whether the last glob that matches `member` is not one with `!`.
fn covers(globs: &[String], member: &str) -> bool {
    let matching = globs.iter().rev().find(|written| {
        let pattern = written.trim_start_matches('!').trim_start_matches("./").trim_end_matches('/');
        glob(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(member))
    });
    matching.is_some_and(|pattern| !pattern.starts_with('!'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_of_a_workspace_are_those_that_its_globs_cover() {
        let globs = ["web", "./packages/*/", "apps/**", "!apps/old"].map(str::to_owned);
        for (member, expected) in [
            ("web", true),
            ("webs", false),
            ("packages/a", true),
            ("packages/a/b", false),
            ("apps/a/b", true),
            ("apps/old", false),
        ] {
            assert_eq!(covers(&globs, member), expected, "{member}");
        }
    }
}
