//! A package in a temporary folder.

use std::{
    collections::BTreeMap,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use kiln_manifest::{Asset, Directive, Manifest, Mode, PACK_FILE, Place, PolicySource};
use kiln_pipeline::{Config, Error, Report, Session, Supervisor};
use miette::{GraphicalReportHandler, GraphicalTheme};
use tempfile::{NamedTempFile, TempDir};

/// The packages that fixtures may import, as `package.json` and `package-lock.json` of the fixtures pin
/// them.
const NPM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../kiln-pipeline/tests/fixture/npm");

pub(crate) struct Project {
    folder: TempDir,
    root: PathBuf,
    pub(crate) supervisor: Option<Supervisor>,
}

impl Project {
    /// A package with this `[package.metadata.kiln]`.
    pub(crate) fn new(options: &str) -> Self {
        Self::below("", options)
    }

    /// A package with this `[package.metadata.kiln]`, in `folders` below the temporary folder.
    pub(crate) fn below(folders: &str, options: &str) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let root = folder.path().join(folders).join("package");
        let project = Self { folder, root, supervisor: None };
        let manifest = format!("[package]\nname = \"fixture\"\n\n[package.metadata.kiln]\n{options}");
        project.file("Cargo.toml", manifest)
    }

    /// A copy of a folder of sources.
    pub(crate) fn copy_of(source: &Path) -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let root = folder.path().join("package");
        let project = Self { folder, root, supervisor: None };
        files(source).into_iter().fold(project, |project, (name, content)| project.file(&name, content))
    }

    pub(crate) fn file(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(name, content);
        self
    }

    /// Adds `files` below `assets/`.
    pub(crate) fn assets(self, files: &[(&str, &str)]) -> Self {
        files.iter().fold(self, |project, (name, content)| project.file(&format!("assets/{name}"), content))
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.root.join(name);
        fs::create_dir_all(path.parent().expect("parent")).expect("folder");
        fs::write(path, content).expect("write");
    }

    /// Removes a file, or an empty folder.
    pub(crate) fn without(self, name: &str) -> Self {
        let path = self.root.join(name);
        if path.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) }.expect("remove");
        self
    }

    /// Builds once, before the build under test.
    pub(crate) fn build_then(self) -> Self {
        self.build(Mode::Dev);
        self
    }

    /// Links the packages of the fixtures.
    #[cfg(unix)]
    pub(crate) fn with_npm(self) -> Self {
        let packages = npm_packages(Path::new(NPM), "npm");
        self.with_packages_of(&packages)
    }

    /// Links the packages that are installed in `folder`.
    #[cfg(unix)]
    pub(crate) fn with_packages_of(self, folder: &Path) -> Self {
        self.declare_packages_of(folder);
        std::os::unix::fs::symlink(folder.join("node_modules"), self.root.join("node_modules"))
            .expect("link");
        self
    }

    /// Copies the packages of the fixtures into the project.
    pub(crate) fn with_own_npm(self) -> Self {
        let shared = npm_packages(Path::new(NPM), "npm");
        self.declare_packages_of(&shared);
        for name in files(&shared.join("node_modules")).into_keys() {
            let place = self.root.join("node_modules").join(&name);
            fs::create_dir_all(place.parent().expect("parent")).expect("folder");
            fs::copy(shared.join("node_modules").join(&name), place).expect("copy");
        }
        self
    }

    fn declare_packages_of(&self, folder: &Path) {
        for name in ["package.json", "package-lock.json"] {
            fs::copy(folder.join(name), self.root.join(name)).expect("copy");
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The temporary folder, with the package and its target folder.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Cargo's target folder: outputs, and the cache.
    pub(crate) fn target(&self) -> PathBuf {
        self.folder.path().join("target")
    }

    pub(crate) fn config(&self, mode: Mode) -> Result<Config, Error> {
        let out = self.target().join("profile/build/package/out");
        Config::new(self.root.clone(), out, mode)
    }

    pub(crate) fn try_build(&self, mode: Mode) -> Result<Report, Error> {
        self.session(mode)?.build()
    }

    /// A session before its first build.
    pub(crate) fn session(&self, mode: Mode) -> Result<Session, Error> {
        let session = Session::new(self.config(mode)?);
        Ok(match self.supervisor {
            Some(supervisor) => session.with_supervisor(supervisor),
            None => session,
        })
    }

    pub(crate) fn build(&self, mode: Mode) -> Output {
        let report = self.try_build(mode).unwrap_or_else(|error| panic!("{}", rendered(&error)));
        let out = self.config(mode).expect("configuration").out;
        Output::of(report, &out)
    }
}

/// The folder in which the packages of `fixture` are installed, once for all tests, by a build.
pub(crate) fn npm_packages(fixture: &Path, name: &str) -> PathBuf {
    let shared = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(shared.join("assets")).expect("folder");
    for name in ["package.json", "package-lock.json"] {
        replace(&shared.join(name), &fs::read(fixture.join(name)).expect("read"));
    }
    replace(&shared.join("Cargo.toml"), b"[package]\nname = \"npm\"\n");
    let config = Config::new(shared.clone(), shared.join("out"), Mode::Dev).expect("configuration");
    kiln_pipeline::build(&config).expect("npm ci");
    shared
}

/// Replaces `file` atomically, because other tests may be reading it.
fn replace(file: &Path, content: &[u8]) {
    if fs::read(file).is_ok_and(|present| present == content) {
        return;
    }
    let mut temporary = NamedTempFile::new_in(file.parent().expect("parent")).expect("temporary file");
    temporary.write_all(content).expect("write");
    temporary.persist(file).expect("rename");
}

/// The output of a build below `OUT_DIR`, with the files of the pack under their own names.
pub(crate) struct Output {
    pub(crate) report: Report,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

impl Output {
    pub(crate) fn of(report: Report, out: &Path) -> Self {
        let files = files(out);
        let unpacked = unpacked(&report.manifest, &files);
        Self { report, files: files.into_iter().chain(unpacked).collect() }
    }

    pub(crate) fn names(&self) -> Vec<&str> {
        self.files.keys().map(String::as_str).collect()
    }

    pub(crate) fn asset(&self, path: &str) -> &Asset {
        let found = self.report.manifest.assets.iter().find(|asset| asset.path.as_str() == path);
        found.unwrap_or_else(|| panic!("{path} is not in {:?}", self.names()))
    }

    /// The identity bytes of an asset, as text.
    pub(crate) fn text(&self, path: &str) -> String {
        let file = &self.asset(path).variants[0].file;
        String::from_utf8(self.files[&format!("kiln/{file}")].clone()).expect("UTF-8")
    }

    /// The hashes of inline code that the policy of a page has, without quotes.
    pub(crate) fn hashes(&self, page: &str, directive: Directive) -> Vec<String> {
        let sources = self.asset(page).policy.own(directive).iter().map(PolicySource::as_str);
        sources
            .filter(|source| source.starts_with("'sha"))
            .map(|hash| hash.trim_matches('\'').to_owned())
            .collect()
    }

    /// The whole policy of a page.
    pub(crate) fn policy(&self, page: &str) -> String {
        self.report.manifest.policy.with(&self.asset(page).policy).to_string()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        self.asset(path).url.clone().unwrap_or_else(|| panic!("{path} has no URL"))
    }
}

fn unpacked(manifest: &Manifest, files: &BTreeMap<String, Vec<u8>>) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for variant in manifest.assets.iter().flat_map(|asset| &asset.variants) {
        if let Place::Pack { offset } = variant.place {
            let range = usize::try_from(offset).expect("offset")
                ..usize::try_from(offset + variant.length).expect("end");
            let bytes = files[&format!("kiln/{PACK_FILE}")][range].to_vec();
            assert_eq!(found.insert(format!("kiln/{}", variant.file), bytes), None, "{}", variant.file);
        }
    }
    found
}

/// An error as `build.rs` renders it.
pub(crate) fn rendered(error: &Error) -> String {
    let mut text = String::new();
    GraphicalReportHandler::new_themed(GraphicalTheme::unicode_nocolor())
        .with_width(100)
        .render_report(&mut text, error)
        .expect("render");
    text
}

/// Every file below `folder`, by its relative name.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).expect("read folder") {
            let path = entry.expect("entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below").to_str().expect("UTF-8").to_owned();
                found.insert(name, fs::read(path).expect("read"));
            }
        }
    }
    found
}
