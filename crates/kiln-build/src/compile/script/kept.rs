//! The last bundle, for a process that builds again and again: most edits are of no script.
//!
//! It is used again when everything that it was made from is what it was, by content. What was read is digested
//! before the bundler reads it, so that a file that changes meanwhile is another one at the next build.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use kiln_manifest::Digest;

use super::{Bundle, tsconfig, variables::definitions};
use crate::{
    compile::Stage,
    discover::{Source, digest},
    language::Language,
};

/// What decides about a bundle beside the modules themselves, below the package.
const SETTINGS: [&str; 4] =
    ["Cargo.toml", "package.json", "package-lock.json", "node_modules/.package-lock.json"];

static HAS_BUILT: AtomicBool = AtomicBool::new(false);
static LAST: Mutex<Option<(Inputs, Bundle)>> = Mutex::new(None);

/// What a bundle is made from.
#[derive(Debug)]
pub(super) struct Inputs {
    surroundings: Digest,
    tsconfigs: Files,
    modules: Files,
}

/// Files with the digests of their contents.
type Files = BTreeMap<PathBuf, Digest>;

/// What the bundler reads, on threads of its own.
pub(super) type Read = Arc<Mutex<Files>>;

impl Inputs {
    /// None at the first build of a process, which may be its last.
    pub(super) fn before(stage: &Stage<'_>, entries: &[&Source]) -> Option<Self> {
        let is_first = !HAS_BUILT.swap(true, Relaxed);
        let scripts = stage.in_language(Language::Script).map(|source| source.file.as_path());
        (!is_first).then(|| Self {
            surroundings: surroundings(stage, entries),
            tsconfigs: digested(tsconfig::files(scripts)),
            modules: Files::new(),
        })
    }

    /// The bundle that was made from the same.
    pub(super) fn bundle(&self) -> Option<Bundle> {
        let last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
        let (inputs, bundle) = last.as_ref()?;
        let is_same = inputs.surroundings == self.surroundings && inputs.tsconfigs == self.tsconfigs;
        (is_same && inputs.modules.iter().all(is_unchanged)).then(|| bundle.clone())
    }

    /// Keeps what was made of the files in `read`, unless it may depend on something else.
    pub(super) fn keep(mut self, read: &Read, bundle: &Bundle) {
        self.modules = std::mem::take(&mut *read.lock().unwrap_or_else(PoisonError::into_inner));
        let is_known = |file: &PathBuf| {
            self.modules.contains_key(file)
                || self.tsconfigs.contains_key(file)
                || bundle.told.sheets.contains_key(file)
        };
        let is_whole = !bundle.told.has_inlined && bundle.watched.iter().all(is_known);
        let kept = is_whole.then(|| (self, bundle.clone()));
        *LAST.lock().unwrap_or_else(PoisonError::into_inner) = kept;
    }
}

/// Notes a file that is about to be read.
pub(super) fn note(read: &Read, file: &Path) {
    if let Some(digest) = digest(file) {
        read.lock().unwrap_or_else(PoisonError::into_inner).insert(file.to_owned(), digest);
    }
}

fn surroundings(stage: &Stage<'_>, entries: &[&Source]) -> Digest {
    let config = stage.config;
    let settings = SETTINGS.map(|name| digest(&config.root.join(name)));
    let files = stage.sources.iter().map(|source| (&source.file, source.exposure));
    let entries = entries.iter().map(|entry| &entry.file);
    let told = format!(
        "{:?}",
        (
            &config.root,
            config.mode,
            settings,
            definitions(config),
            files.collect::<Vec<_>>(),
            entries.collect::<Vec<_>>()
        )
    );
    Digest::of(told.as_bytes())
}

fn digested(files: impl IntoIterator<Item = PathBuf>) -> Files {
    files.into_iter().filter_map(|file| digest(&file).map(|digest| (file, digest))).collect()
}

fn is_unchanged((file, known): (&PathBuf, &Digest)) -> bool {
    digest(file).as_ref() == Some(known)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use kiln_manifest::Mode;

    use super::*;
    use crate::{Config, build, cache::Cache, discover::discover};

    /// Whether the next build may use the last bundle again.
    fn is_offered(config: &Config) -> bool {
        let cache = Cache::open(&config.cache).expect("cache");
        let sources = discover(config).expect("sources");
        let stage = Stage::new(config, &cache, &sources);
        let entry = sources.iter().find(|source| source.path.as_str() == "app.ts").expect("an entry");
        Inputs::before(&stage, &[entry]).expect("a second build").bundle().is_some()
    }

    #[test]
    fn a_bundle_is_offered_for_as_long_as_all_that_it_was_made_from_is_the_same() {
        let folder = tempfile::tempdir().expect("folder");
        let root = folder.path().canonicalize().expect("root").join("package");
        let write = |name: &str, content: &str| {
            let file = root.join(name);
            fs::create_dir_all(file.parent().expect("parent")).expect("folder");
            fs::write(file, content).expect("write");
        };
        write("Cargo.toml", "[package]\nname = \"kept\"\n");
        write("assets/index.html", "<script type=module src=app.ts></script>");
        write("assets/app.ts", "import \"./app.css\"; import { part } from \"./part\"; console.log(part);\n");
        write("assets/app.css", "p { color: red }\n");
        write("assets/part.ts", "export const part = 1;\n");
        let config =
            || Config::new(root.clone(), folder.path().join("out"), Mode::Dev).expect("configuration");
        let built = || build(&config()).expect("a build");
        built();
        built();
        assert!(is_offered(&config()));
        for (name, content) in [("assets/app.css", "p { color: blue }\n"), ("assets/index.html", "<p>")] {
            write(name, content);
            assert!(is_offered(&config()), "{name} is no part of it");
        }
        write("assets/index.html", "<script type=module src=app.ts></script>");
        for (name, content) in [
            ("assets/part.ts", "export const part = 2;\n"),
            ("assets/part.tsx", "export const part = 3;\n"),
            ("tsconfig.json", "{ \"extends\": \"./base.json\" }"),
            ("base.json", "{}"),
            ("Cargo.toml", "[package]\nname = \"kept\"\n\n[package.metadata.kiln]\nroutes = [\"/a\"]\n"),
        ] {
            write(name, content);
            assert!(!is_offered(&config()), "{name} is a part of it");
            if name != "tsconfig.json" {
                built();
                assert!(is_offered(&config()), "{name} was built");
            }
        }
    }
}
