//! Reuse of the last bundle of a session, since most edits change no script: a bundle is reused while the digests of all
//! its inputs are unchanged.

use std::{collections::BTreeMap, path::PathBuf};

use kiln_manifest::{Digest, LogicalPath};

use super::{
    bundle::Bundle,
    environment::definitions,
    module_digests::{FileDigests, ModuleDigests},
    service_worker::BundleKind,
    tsconfig,
};
use crate::{
    Result,
    compile::{context::Context, style::Styles},
    file_digest::digest,
    packages::{package_json, resolution_files},
    source::{Language, Source},
};

/// The bundles of the previous build.
#[derive(Debug, Default)]
pub(in crate::compile) struct LastBundles {
    pub(super) modules: LastBundle,
    /// By the name of the source.
    pub(super) service_workers: BTreeMap<LogicalPath, LastBundle>,
}

/// A bundle of the previous build, if it can be reused.
#[derive(Debug, Default)]
pub(super) struct LastBundle(Option<(BundleInputs, Bundle)>);

/// Inputs of a bundle beside its modules, below the package.
const SETTINGS: [&str; 2] = ["Cargo.toml", "package.json"];

/// The bundle of `entries`: the last one, or a new one, which replaces it.
///
/// # Errors
/// Every mistake in the scripts.
pub(super) fn bundle(
    styles: &Styles<'_>,
    last: Option<&mut LastBundle>,
    entries: &[&Source],
    kind: BundleKind,
) -> Result<Bundle> {
    let Some(last) = last else { return Bundle::new(styles, entries, kind, None) };
    let inputs = BundleInputs::now(styles.context, entries);
    if let Some(bundle) = last.unchanged(&inputs).and_then(|bundle| replayed(bundle, styles)) {
        return Ok(bundle);
    }
    let digests = ModuleDigests::default();
    let bundle = Bundle::new(styles, entries, kind, Some(digests.clone()))?;
    last.0 = inputs.of_bundle(digests.take(), &bundle).map(|inputs| (inputs, bundle.clone()));
    Ok(bundle)
}

/// The last bundle in this build; `None` when the names of an imported style sheet have changed.
fn replayed(bundle: Bundle, styles: &Styles<'_>) -> Option<Bundle> {
    Some(Bundle { dependencies: bundle.dependencies.replay(styles)?, ..bundle })
}

/// The inputs of a bundle.
#[derive(Debug)]
struct BundleInputs {
    surroundings: Digest,
    tsconfigs: FileDigests,
    modules: FileDigests,
}

impl LastBundle {
    /// The bundle, when its inputs are unchanged.
    fn unchanged(&self, now: &BundleInputs) -> Option<Bundle> {
        let (inputs, bundle) = self.0.as_ref()?;
        let is_same = inputs.surroundings == now.surroundings && inputs.tsconfigs == now.tsconfigs;
        (is_same && inputs.modules.iter().all(is_unchanged)).then(|| bundle.clone())
    }
}

impl BundleInputs {
    /// The inputs that are known before bundling.
    fn now(context: &Context<'_>, entries: &[&Source]) -> Self {
        let scripts = context.in_language(Language::Script).map(|source| source.file.as_path());
        Self {
            surroundings: surroundings(context, entries),
            tsconfigs: digested(tsconfig::files(scripts)),
            modules: FileDigests::new(),
        }
    }

    /// The inputs of `bundle`; `None` when it may have others.
    fn of_bundle(self, mut modules: FileDigests, bundle: &Bundle) -> Option<Self> {
        modules.extend(digested(bundle.read.iter().filter_map(|file| package_json(file))));
        let is_digested = |file: &PathBuf| {
            modules.contains_key(file)
                || self.tsconfigs.contains_key(file)
                || bundle.dependencies.sheets.contains_key(file)
        };
        let is_complete = !bundle.dependencies.has_inlined && bundle.read.iter().all(is_digested);
        is_complete.then_some(Self { modules, ..self })
    }
}

fn surroundings(context: &Context<'_>, entries: &[&Source]) -> Digest {
    let config = context.config;
    let settings = SETTINGS.iter().map(|name| config.root.join(name)).chain(resolution_files(&config.root));
    let settings: Vec<_> = settings.map(|file| digest(&file)).collect();
    let files = context.sources.iter().map(|source| (&source.file, source.exposure));
    let entries = entries.iter().map(|entry| &entry.file);
    let described = format!(
        "{:?}",
        (
            &config.root,
            config.mode,
            config.source_maps(),
            settings,
            definitions(config),
            files.collect::<Vec<_>>(),
            entries.collect::<Vec<_>>()
        )
    );
    Digest::of(described.as_bytes())
}

fn digested(files: impl IntoIterator<Item = PathBuf>) -> FileDigests {
    files.into_iter().filter_map(|file| digest(&file).map(|digest| (file, digest))).collect()
}

fn is_unchanged((file, expected): (&PathBuf, &Digest)) -> bool {
    digest(file).as_ref() == Some(expected)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use kiln_manifest::Mode;

    use super::*;
    use crate::{
        Config,
        cache::Cache,
        compile::tailwind::Engines,
        source::{discover, prepare},
    };

    /// A package that is bundled repeatedly.
    struct Package {
        folder: tempfile::TempDir,
        last: LastBundle,
    }

    impl Package {
        fn root(&self) -> std::path::PathBuf {
            self.folder.path().canonicalize().expect("root").join("package")
        }

        fn write(&self, name: &str, content: &str) {
            let file = self.root().join(name);
            fs::create_dir_all(file.parent().expect("parent")).expect("folder");
            fs::write(file, content).expect("write");
        }

        /// Bundles the package, and returns whether the last bundle was reusable.
        fn bundle_reuses_last(&mut self) -> bool {
            let out: &Path = &self.folder.path().join("out");
            let config = Config::new(self.root(), out.to_owned(), Mode::Dev).expect("configuration");
            let cache = Cache::open(&config.cache).expect("cache");
            let sources = discover(&config, prepare(&config, None).expect("prepared")).expect("sources");
            let context = Context::new(&config, &cache, &sources.files);
            let entry = sources.files.iter().find(|source| source.path.as_str() == "app.ts");
            let entries = [entry.expect("an entry")];
            let is_reusable = self.last.unchanged(&BundleInputs::now(&context, &entries)).is_some();
            let engines = Engines::default();
            let styles = Styles::new(&context, &engines);
            bundle(&styles, Some(&mut self.last), &entries, BundleKind::Modules).expect("a bundle");
            is_reusable
        }
    }

    #[test]
    fn a_bundle_is_reused_until_one_of_its_inputs_changes() {
        let mut package =
            Package { folder: tempfile::tempdir().expect("folder"), last: LastBundle::default() };
        package.write("Cargo.toml", "[package]\nname = \"fixture\"\n");
        package.write("assets/index.html", "<script type=module src=app.ts></script>");
        package.write(
            "assets/app.ts",
            "import \"./app.css\"; import { part } from \"./part\"; console.log(part);\n",
        );
        package.write("assets/app.css", "p { color: red }\n");
        package.write("assets/part.ts", "export const part = 1;\n");
        assert!(!package.bundle_reuses_last(), "no bundle before the first");
        assert!(package.bundle_reuses_last());
        for (name, content) in [("assets/app.css", "p { color: blue }\n"), ("assets/index.html", "<p>")] {
            package.write(name, content);
            assert!(package.bundle_reuses_last(), "{name} is not an input");
        }
        for (name, content) in [
            ("assets/part.ts", "export const part = 2;\n"),
            ("assets/part.tsx", "export const part = 3;\n"),
            ("base.json", "{}"),
            ("tsconfig.json", "{ \"extends\": \"./base.json\" }"),
            ("base.json", "{ \"compilerOptions\": {} }"),
            ("Cargo.toml", "[package]\nname = \"fixture\"\n\n[package.metadata.kiln]\nroutes = [\"/a\"]\n"),
        ] {
            let is_input = !(name == "base.json" && content == "{}");
            package.write(name, content);
            assert_eq!(package.bundle_reuses_last(), !is_input, "{name}: {content}");
            assert!(package.bundle_reuses_last(), "{name} has been bundled");
        }
    }
}
