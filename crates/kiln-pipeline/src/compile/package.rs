//! Files of npm packages to which a source or another file of a package refers. They are embedded below `packages/`; other
//! files of packages are not.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
};

use kiln_manifest::{Exposure, LogicalPath};
use oxc_resolver::{ResolveOptions, Resolver};
use serde::Deserialize;

use crate::{
    Config,
    packages::installed_name,
    source::{Language, Source},
};

/// The folder of packages in names of assets.
const FOLDER: &str = "packages";

/// The packages of a build: their resolution, and the files to which outputs refer.
#[derive(Debug)]
pub(super) struct Packages {
    root: PathBuf,
    files: Resolver,
    style_sheets: Resolver,
    sass: Resolver,
    referenced: Mutex<BTreeMap<LogicalPath, Source>>,
}

/// A package that holds a file.
#[derive(Debug)]
struct PackageFolder<'f> {
    folder: &'f Path,
    name: String,
    version: String,
}

/// The fields of a `package.json` that identify the package.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PackageJson {
    name: Option<String>,
    version: String,
}

impl Packages {
    pub(super) fn new(config: &Config) -> Self {
        let conditions = ["import", "browser", "default", config.mode_name()];
        Self {
            root: config.root.clone(),
            files: resolver(&conditions, &["browser", "module", "main"], &[]),
            style_sheets: style_resolver(config),
            sass: resolver(
                &["sass", "style", config.mode_name()],
                &["sass", "style"],
                &[".scss", ".sass", ".css"],
            ),
            referenced: Mutex::default(),
        }
    }

    /// The file to which `specifier` leads from the folder `from`, by the exports of its package.
    pub(super) fn file(&self, from: &Path, specifier: &str) -> Option<PathBuf> {
        is_bare(specifier).then(|| resolved(&self.files, from, specifier)).flatten()
    }

    /// The style sheet to which `specifier` leads from the folder `from`: relative, or in a package.
    pub(super) fn style_sheet(&self, from: &Path, specifier: &str) -> Option<PathBuf> {
        resolved(&self.style_sheets, from, specifier)
    }

    /// The Sass or style sheet to which `specifier` leads from the folder `from`, by the fields and exports of its package.
    pub(super) fn sass(&self, from: &Path, specifier: &str) -> Option<PathBuf> {
        let file = is_bare(specifier).then(|| resolved(&self.sass, from, specifier)).flatten();
        file.filter(|file| {
            let extension = file.extension().and_then(|extension| extension.to_str());
            Language::of_extension(extension.unwrap_or_default()) == Language::Style
        })
    }

    /// The file of a package as a source, recorded for embedding. `None` for a file outside of packages, or one whose
    /// name cannot be part of a URL.
    pub(super) fn source(&self, file: &Path) -> Option<Source> {
        let file = file.canonicalize().ok().filter(|file| file.is_file())?;
        let path = self.path(&file)?;
        let extension = path.extension().unwrap_or_default();
        let source = Source {
            language: match Language::of_extension(extension) {
                // A page of a package is a file for a frame, whose references nobody has checked.
                Language::Page | Language::Partial => Language::StaticFile,
                language => language,
            },
            exposure: Exposure::Hashed,
            path: path.clone(),
            file,
        };
        self.referenced().insert(path, source.clone());
        Some(source)
    }

    /// The recorded sources in `language`, sorted.
    pub(super) fn in_language(&self, language: Language) -> Vec<Source> {
        self.referenced().values().filter(|source| source.language == language).cloned().collect()
    }

    /// The recorded files.
    pub(super) fn files(&self) -> Vec<PathBuf> {
        self.referenced().values().map(|source| source.file.clone()).collect()
    }

    /// `packages/NAME/PATH`; for another package of that name than the one at the root, `packages/NAME@VERSION/PATH`.
    fn path(&self, file: &Path) -> Option<LogicalPath> {
        let PackageFolder { folder, name, version } = package_of(&self.root, file)?;
        let mut above = self.root.ancestors().map(|above| above.join("node_modules").join(&name));
        let at_root = above.find_map(|folder| folder.canonicalize().ok());
        let label = if at_root.as_deref() == Some(folder) { name } else { format!("{name}@{version}") };
        let path = file.strip_prefix(folder).ok()?.to_str()?.replace('\\', "/");
        LogicalPath::new(format!("{FOLDER}/{label}/{path}")).ok()
    }

    fn referenced(&self) -> MutexGuard<'_, BTreeMap<LogicalPath, Source>> {
        self.referenced.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The package that holds `file`: in the innermost `node_modules`, or linked from another folder. The package in `root` and
/// the folders above it do not count.
fn package_of<'f>(root: &Path, file: &'f Path) -> Option<PackageFolder<'f>> {
    let folders = || file.ancestors().skip(1);
    if let Some((folder, name)) = folders().find_map(|folder| Some((folder, installed_name(folder)?))) {
        let PackageJson { version, .. } = package_json(folder).unwrap_or_default();
        return Some(PackageFolder { folder, name, version });
    }
    folders().take_while(|folder| !root.starts_with(folder)).find_map(|folder| {
        let PackageJson { name, version } = package_json(folder)?;
        Some(PackageFolder { folder, name: name?, version })
    })
}

fn package_json(folder: &Path) -> Option<PackageJson> {
    serde_json::from_slice(&fs::read(folder.join("package.json")).ok()?).ok()
}

/// The name of the package that holds a module, `@scope/name`; `None` for own modules.
pub(super) fn package_name(module: &Path) -> Option<String> {
    let path = module.to_string_lossy().replace('\\', "/");
    let (_, within) = path.rsplit_once("/node_modules/")?;
    let parts = if within.starts_with('@') { 2 } else { 1 };
    Some(within.split('/').take(parts).collect::<Vec<_>>().join("/"))
}

/// Whether a specifier names a package: neither relative, nor absolute, nor a URL.
pub(super) fn is_bare(specifier: &str) -> bool {
    !specifier.starts_with(['.', '/', '#', '?']) && !specifier.contains(':')
}

/// The resolver of style sheets, for `@import`.
pub(super) fn style_resolver(config: &Config) -> Resolver {
    resolver(&["style", config.mode_name()], &["style"], &[".css"])
}

/// A resolver by these conditions of `exports`, fields of `package.json`, and extensions that an import may omit.
pub(super) fn resolver(conditions: &[&str], fields: &[&str], extensions: &[&str]) -> Resolver {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Resolver::new(ResolveOptions {
        condition_names: owned(conditions),
        main_fields: owned(fields),
        extensions: owned(extensions),
        main_files: vec!["index".to_owned()],
        prefer_relative: true,
        ..ResolveOptions::default()
    })
}

fn resolved(resolver: &Resolver, from: &Path, specifier: &str) -> Option<PathBuf> {
    resolver.resolve(from, specifier).ok().map(oxc_resolver::Resolution::into_path_buf)
}
