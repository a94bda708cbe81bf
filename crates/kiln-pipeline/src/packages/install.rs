//! Package managers, as downloaders: one runs when the installed packages differ from its lock file. No Node.js process
//! compiles.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::Stdio,
};

use kiln_manifest::Digest;

use super::{
    declared::Declared,
    failure,
    lock_content::LockContent,
    manager::{LOCK_FILES, PackageManager},
    package_json::DeclaredPackage,
    package_lock::PackageLock,
    pnpm_lock, yaml,
    yarn_lock::YarnLock,
};
use crate::{Error, Result, atomic_write, text::Text};

/// The digest of the last installation by a build, below `node_modules`: some installations are complete, and their
/// record does not show it.
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
    Installation { text, package, content: LockContent::read(&lock)?, lock }.complete()?;
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
    content: LockContent,
}

impl Installation {
    /// Installs, unless the installed packages are those of the lock file.
    fn complete(&self) -> Result<()> {
        check_linker(&self.lock)?;
        let declared = self.declared();
        let is_classic = self.lock.manager == PackageManager::YarnClassic;
        // The lock file of yarn classic has no members of a workspace: they are known when they are linked.
        if let (Some(declared), false) = (&declared, is_classic) {
            self.check(declared)?;
        }
        let holds = is_classic || declared.as_ref().is_none_or(|declared| declared.holds(&self.package));
        let is_complete = holds && self.is_recorded() || self.is_stamped();
        if !is_complete {
            run(&self.lock)?;
            self.write_stamp()?;
        }
        if let (Some(declared), true) = (&declared, is_classic) { self.check(declared) } else { Ok(()) }
    }

    /// The dependencies that the lock file holds for the package.
    fn declared(&self) -> Option<Declared> {
        let PackageLock { manager, member, .. } = &self.lock;
        match &self.content {
            LockContent::Npm(lock) => Some(lock.declared(member)),
            LockContent::Bun(lock) => Some(lock.declared(member)),
            LockContent::Text(text) if *manager == PackageManager::Pnpm => pnpm_lock::declared(text, member),
            LockContent::Text(text) if *manager == PackageManager::YarnBerry => {
                Some(YarnLock::parse(text).declared_berry(member))
            }
            LockContent::Text(text) => Some(YarnLock::parse(text).declared_classic()),
        }
    }

    fn check(&self, declared: &Declared) -> Result<()> {
        let is_linked = |name: &str| self.lock.folder.join("node_modules").join(name).is_symlink();
        let is_known = |name: &str| self.lock.manager == PackageManager::YarnClassic && is_linked(name);
        let Some((missing, place)) = declared.missing(&self.text, &self.package, is_known) else {
            return Ok(());
        };
        let PackageLock { manager, name, .. } = &self.lock;
        Err(self
            .text
            .error(place, format!("dependency `{missing}` is not in {name}"))
            .with_label("has no entry in the lock file")
            .with_help(format!("run `{} install`, and commit {name}", manager.program()))
            .into())
    }

    /// Whether the package manager's record says that all packages are installed.
    fn is_recorded(&self) -> bool {
        let folder = &self.lock.folder;
        match &self.content {
            LockContent::Npm(lock) => lock.is_installed(folder),
            LockContent::Bun(lock) => lock.is_installed(folder),
            LockContent::Text(text) => match self.lock.manager {
                PackageManager::Pnpm => pnpm_lock::is_installed(text, folder),
                PackageManager::YarnBerry => YarnLock::parse(text).is_installed_berry(folder),
                _ => YarnLock::parse(text).is_installed_classic(&self.package, folder),
            },
        }
    }

    /// The digest of the lock file, of the record and of the declared dependencies; `None` without a record.
    fn stamp(&self) -> Option<String> {
        let record = self.lock.folder.join("node_modules").join(self.lock.manager.record()?);
        let (lock, record) = (fs::read(self.lock.path()).ok()?, fs::read(record).ok()?);
        let declared = format!("{:?}", self.package.declared().collect::<Vec<_>>());
        Some(Digest::of_parts([&*lock, &*record, declared.as_bytes()]).to_string())
    }

    fn stamp_file(&self) -> PathBuf {
        let member = format!("{STAMP}/{}", self.lock.member).trim_end_matches('/').replace('/', "-");
        self.lock.folder.join("node_modules").join(member)
    }

    fn is_stamped(&self) -> bool {
        self.stamp()
            .is_some_and(|stamp| fs::read_to_string(self.stamp_file()).is_ok_and(|last| last == stamp))
    }

    fn write_stamp(&self) -> Result<()> {
        match self.stamp() {
            Some(stamp) => atomic_write::replace(&self.stamp_file(), stamp.as_bytes()),
            None => Ok(()),
        }
    }
}

/// Fails for Plug'n'Play, with which yarn installs no files.
fn check_linker(lock: &PackageLock) -> Result<()> {
    if lock.manager != PackageManager::YarnBerry {
        return Ok(());
    }
    let settings = fs::read_to_string(lock.folder.join(".yarnrc.yml")).unwrap_or_default();
    if yaml::value(&settings, "nodeLinker").is_some_and(|linker| linker != "pnp") {
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
