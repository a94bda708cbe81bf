//! Package managers, as downloaders: one runs when the installed packages differ from its lock file. No Node.js process
//! compiles.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

use kiln_manifest::Digest;
use serde::Deserialize;

use super::{
    declared::Declared,
    failure,
    installed::{NODE_MODULES, backdate},
    lock_content::LockContent,
    manager::{LOCK_FILES, PackageManager},
    package_json::DeclaredPackage,
    package_lock::PackageLock,
};
use crate::{Error, Result, atomic_write, text::Text};

/// The digest of the last installation that was complete, below `node_modules`: some are, and their record does not show
/// it.
const STAMP: &str = ".kiln-packages";

/// Installs the packages of the `package.json` in `folder`, below the package in `root`, unless they are installed.
/// Returns the files that decide it.
///
/// # Errors
/// When the lock file is missing, invalid, or lacks a dependency; when the package manager is missing or fails.
pub(crate) fn install(root: &Path, folder: &Path) -> Result<Vec<PathBuf>> {
    let file = folder.join("package.json");
    if !file.is_file() {
        return Ok(Vec::new());
    }
    let name = file.strip_prefix(root).unwrap_or(&file);
    let text = Text::read(&file, name.to_string_lossy().into_owned())?;
    let package = DeclaredPackage::parse(name, text.content())?;
    let Some(lock) = PackageLock::find(folder, &package)? else {
        return if package.declared().next().is_none() {
            Ok(vec![file])
        } else {
            Err(missing(&package, name))
        };
    };
    let path = lock.path();
    let handle = File::open(&path).map_err(Error::io("read", &path))?;
    // A lock against a second build that installs into the same folder; dropping the handle releases it.
    handle.lock().map_err(Error::io("lock", &path))?;
    Installation { text, package, lock }.complete()?;
    Ok(vec![file, path])
}

/// No lock file, for a package with dependencies.
fn missing(package: &DeclaredPackage, name: &Path) -> Error {
    let program = package.manager().unwrap_or("npm");
    let Some((lock, _)) = LOCK_FILES.iter().rev().find(|(lock, one)| *one == program && *lock != "bun.lockb")
    else {
        return Error::Tree {
            path: name.to_owned(),
            problem: format!("unknown package manager `{program}` in `packageManager`"),
            help: "packages are installed by npm, pnpm, yarn or bun".to_owned(),
        };
    };
    Error::Tree {
        path: name.with_file_name(lock),
        problem: "file not found beside package.json, nor in a workspace above".to_owned(),
        help: format!("run `{program} install`, and commit {lock}"),
    }
}

/// A package, and the lock file that decides about its packages.
struct Installation {
    text: Text,
    package: DeclaredPackage,
    lock: PackageLock,
}

impl Installation {
    /// Installs, unless the installed packages are those of the lock file.
    fn complete(&self) -> Result<()> {
        check_linker(&self.lock)?;
        // Reading the lock file may take longer than the build.
        if self.is_stamped() {
            return Ok(());
        }
        let content = LockContent::read(&self.lock)?;
        let declared = content.declared(&self.lock.member);
        // The lock file of yarn classic has no members of a workspace: they are known when they are linked.
        let is_classic = self.lock.manager == PackageManager::YarnClassic;
        if !is_classic {
            self.check(declared.as_ref())?;
        }
        let holds = is_classic || declared.as_ref().is_none_or(|declared| declared.holds(&self.package));
        if !(holds && content.is_installed(&self.lock.folder, &self.package)) {
            run(&self.lock)?;
            self.backdate()?;
        }
        if is_classic {
            self.check(declared.as_ref())?;
        }
        self.write_stamp();
        Ok(())
    }

    /// Fails for a dependency that the lock file does not have.
    fn check(&self, declared: Option<&Declared>) -> Result<()> {
        let is_linked = |name: &str| self.lock.folder.join(NODE_MODULES).join(name).is_symlink();
        let is_known = |name: &str| self.lock.manager == PackageManager::YarnClassic && is_linked(name);
        let missing = declared.and_then(|declared| declared.missing(&self.text, &self.package, is_known));
        let Some((missing, place)) = missing else { return Ok(()) };
        let PackageLock { manager, name, .. } = &self.lock;
        Err(self
            .text
            .error(place, format!("dependency `{missing}` is not in {name}"))
            .with_label("has no entry in the lock file")
            .with_help(format!("run `{} install`, and commit {name}", manager.program()))
            .into())
    }

    /// Gives the installed packages the age of the lock file.
    fn backdate(&self) -> Result<()> {
        let path = self.lock.path();
        let time =
            path.metadata().and_then(|metadata| metadata.modified()).map_err(Error::io("read", &path))?;
        for folder in BTreeSet::from([self.lock.folder.clone(), self.lock.folder.join(&self.lock.member)]) {
            backdate(&folder, time);
        }
        Ok(())
    }

    /// The digest of the lock file, of the records and of the declared dependencies; `None` without a record.
    fn stamp(&self) -> Option<String> {
        let records: Vec<_> = self.lock.records().map(fs::read).collect::<io::Result<_>>().ok()?;
        let (lock, declared) =
            (fs::read(self.lock.path()).ok()?, self.package.declared().collect::<Vec<_>>());
        let declared = format!("{declared:?}");
        let parts = records.iter().map(Vec::as_slice).chain([&*lock, declared.as_bytes()]);
        (!records.is_empty()).then(|| Digest::of_parts(parts).to_string())
    }

    fn stamp_file(&self) -> PathBuf {
        let member = format!("{STAMP}/{}", self.lock.member).trim_end_matches('/').replace('/', "-");
        self.lock.folder.join(NODE_MODULES).join(member)
    }

    fn is_stamped(&self) -> bool {
        self.stamp()
            .is_some_and(|stamp| fs::read_to_string(self.stamp_file()).is_ok_and(|last| last == stamp))
    }

    /// Writes the stamp, where `node_modules` can be written: without it, the next build compares again.
    fn write_stamp(&self) {
        if let Some(stamp) = self.stamp() {
            let _ = atomic_write::replace(&self.stamp_file(), stamp.as_bytes());
        }
    }
}

/// `.yarnrc.yml`.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct YarnSettings {
    node_linker: Option<String>,
}

/// Fails for Plug'n'Play, with which yarn installs no files.
fn check_linker(lock: &PackageLock) -> Result<()> {
    if lock.manager != PackageManager::YarnBerry {
        return Ok(());
    }
    let settings = fs::read_to_string(lock.folder.join(".yarnrc.yml")).unwrap_or_default();
    let settings: YarnSettings = serde_saphyr::from_str(&settings).unwrap_or_default();
    if settings.node_linker.is_some_and(|linker| linker != "pnp") {
        return Ok(());
    }
    Err(Error::Tree {
        path: ".yarnrc.yml".into(),
        problem: "Plug'n'Play of yarn is not supported".to_owned(),
        help: "write `nodeLinker: node-modules` into .yarnrc.yml, and run `yarn install`".to_owned(),
    })
}

fn run(lock: &PackageLock) -> Result<()> {
    let program = lock.manager.program();
    let output = match lock.manager.command().current_dir(&lock.folder).stdin(Stdio::null()).output() {
        Ok(output) => output,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Err(failure::absent(lock)),
        Err(cause) => {
            let help = "check that the program can be run by this user".to_owned();
            return Err(Error::Packages {
                problem: format!("{program} could not be started: {cause}"),
                help,
            });
        }
    };
    if output.status.success() {
        return Ok(());
    }
    // npm, yarn classic and bun report on one stream, pnpm and yarn berry on the other.
    let log = [output.stderr, output.stdout].map(|log| String::from_utf8_lossy(&log).into_owned()).join("\n");
    Err(failure::failed(lock, &output.status.to_string(), &log))
}
