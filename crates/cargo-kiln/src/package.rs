//! The package with the front end, and the output folder of its build script.

use std::{
    env,
    io::BufReader,
    path::PathBuf,
    process::{Command, Stdio},
};

use cargo_metadata::{Message, MetadataCommand, Package};
use kiln_manifest::MANIFEST_FILE;
use kiln_pipeline::FOLDER;
use miette::{IntoDiagnostic, Result, WrapErr, bail, miette};

/// A package whose front end kiln-build embeds.
pub(crate) struct FrontEnd {
    /// The folder of `Cargo.toml`.
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    name: String,
    id: String,
}

impl FrontEnd {
    /// The package called `name`, or else the only one that builds with kiln-build.
    pub(crate) fn find(name: Option<&str>) -> Result<Self> {
        let metadata = MetadataCommand::new().no_deps().exec().into_diagnostic()?;
        let target = metadata.target_directory.clone().into();
        let mut found = metadata.workspace_packages().into_iter().filter(|package| match name {
            Some(name) => package.name.as_str() == name,
            None => builds_with_kiln(package),
        });
        let Some(package) = found.next() else {
            return Err(not_found(name));
        };
        if let Some(other) = found.next() {
            bail!(
                help = "choose one with `--package NAME`",
                "several packages with a front end: `{}` and `{}`",
                package.name,
                other.name
            );
        }
        let root = package.manifest_path.parent().map(PathBuf::from).unwrap_or_default();
        Ok(Self { root, target, name: package.name.to_string(), id: package.id.repr.clone() })
    }

    /// Builds the package as `cargo build` with these arguments does, so that its debug server and this
    /// process agree on the output folder, and returns that folder's parent, `OUT_DIR`. Where the sources do
    /// not build, the folder of the last build that succeeded is returned: the watcher reports the mistakes.
    pub(crate) fn out_dir(&self, arguments: &[String]) -> Result<PathBuf> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut child = Command::new(cargo)
            .args(["build", "--message-format=json-render-diagnostics", "--package", &self.name])
            .args(arguments)
            .current_dir(&self.root)
            .stdout(Stdio::piped())
            .spawn()
            .into_diagnostic()
            .wrap_err("could not run cargo")?;
        let output = child.stdout.take().ok_or_else(|| miette!("no standard output of cargo"))?;
        let mut out_dir = None;
        for message in Message::parse_stream(BufReader::new(output)) {
            if let Message::BuildScriptExecuted(script) = message.into_diagnostic()?
                && script.package_id.repr == self.id
            {
                out_dir = Some(script.out_dir.into_std_path_buf());
            }
        }
        child.wait().into_diagnostic()?;
        out_dir.or_else(|| self.former_out_dir()).ok_or_else(|| {
            miette!(help = "fix the errors of cargo above", "the build script of `{}` did not run", self.name)
        })
    }

    /// `OUT_DIR` of the last build that succeeded: cargo's layout is `TARGET/PROFILE/build/PACKAGE-HASH/out`.
    fn former_out_dir(&self) -> Option<PathBuf> {
        let prefix = format!("{}-", self.name);
        let builds = self.target.join("debug/build").read_dir().ok()?.flatten();
        let ours = builds.filter(|build| {
            let name = build.file_name();
            let hash = name.to_str().and_then(|name| name.strip_prefix(&prefix));
            hash.is_some_and(|hash| hash.bytes().all(|digit| digit.is_ascii_hexdigit()))
        });
        let folders = ours.map(|build| build.path().join("out"));
        let written = folders.filter_map(|out| {
            Some((out.join(FOLDER).join(MANIFEST_FILE).metadata().ok()?.modified().ok()?, out))
        });
        written.max().map(|(_, out)| out)
    }
}

fn not_found(name: Option<&str>) -> miette::Report {
    match name {
        Some(name) => {
            miette!(help = "`cargo metadata` lists the packages", "no package `{name}` in this workspace")
        }
        None => miette!(
            help = "run this in a package that has kiln-build among its build-dependencies",
            "no package with a front end in this workspace"
        ),
    }
}

fn builds_with_kiln(package: &Package) -> bool {
    package.dependencies.iter().any(|dependency| {
        dependency.name == "kiln-build" && dependency.kind == cargo_metadata::DependencyKind::Build
    })
}
