//! The last bundle of a session: most edits are of no script.
//!
//! It is used again when everything that it was made from is the same, by content.

use std::path::PathBuf;

use kiln_manifest::Digest;

use super::{
    bundle::Bundle,
    environment::definitions,
    module_digests::{FileDigests, ModuleDigests},
    tsconfig,
};
use crate::{
    Result,
    compile::{context::Context, style::Styles},
    file_digest::digest,
    source::{Language, Source},
};

/// The bundle of the build before, if there was one that can be known again.
#[derive(Debug, Default)]
pub(in crate::compile) struct LastBundle(Option<(BundleInputs, Bundle)>);

/// Files that decide about a bundle beside the modules themselves, below the package.
const SETTINGS: [&str; 4] =
    ["Cargo.toml", "package.json", "package-lock.json", "node_modules/.package-lock.json"];

/// The bundle of `entries`: the last one, or a new one, which then is the last.
pub(super) fn bundle(
    styles: &Styles<'_>,
    last: Option<&mut LastBundle>,
    entries: &[&Source],
) -> Result<Bundle> {
    let Some(last) = last else { return Bundle::new(styles, entries, None) };
    let inputs = BundleInputs::now(styles.context, entries);
    if let Some(bundle) = last.unchanged(&inputs).and_then(|bundle| replayed(bundle, styles)) {
        return Ok(bundle);
    }
    let digests = ModuleDigests::default();
    let bundle = Bundle::new(styles, entries, Some(digests.clone()))?;
    last.0 = inputs.of_bundle(digests.take(), &bundle).map(|inputs| (inputs, bundle.clone()));
    Ok(bundle)
}

/// The bundle as part of this build; none when a style sheet that a script imports has other names now.
fn replayed(bundle: Bundle, styles: &Styles<'_>) -> Option<Bundle> {
    Some(Bundle { dependencies: bundle.dependencies.replay(styles)?, ..bundle })
}

/// Everything that a bundle is made from.
#[derive(Debug)]
struct BundleInputs {
    surroundings: Digest,
    tsconfigs: FileDigests,
    modules: FileDigests,
}

impl LastBundle {
    /// The bundle, when it was made from the same.
    fn unchanged(&self, now: &BundleInputs) -> Option<Bundle> {
        let (inputs, bundle) = self.0.as_ref()?;
        let is_same = inputs.surroundings == now.surroundings && inputs.tsconfigs == now.tsconfigs;
        (is_same && inputs.modules.iter().all(is_unchanged)).then(|| bundle.clone())
    }
}

impl BundleInputs {
    /// The inputs that are known before anything is bundled.
    fn now(context: &Context<'_>, entries: &[&Source]) -> Self {
        let scripts = context.in_language(Language::Script).map(|source| source.file.as_path());
        Self {
            surroundings: surroundings(context, entries),
            tsconfigs: digested(tsconfig::files(scripts)),
            modules: FileDigests::new(),
        }
    }

    /// The inputs of `bundle`; none where it may depend on something else.
    fn of_bundle(self, modules: FileDigests, bundle: &Bundle) -> Option<Self> {
        let is_known = |file: &PathBuf| {
            modules.contains_key(file)
                || self.tsconfigs.contains_key(file)
                || bundle.dependencies.sheets.contains_key(file)
        };
        let is_whole = !bundle.dependencies.has_inlined && bundle.read.iter().all(is_known);
        is_whole.then_some(Self { modules, ..self })
    }
}

fn surroundings(context: &Context<'_>, entries: &[&Source]) -> Digest {
    let config = context.config;
    let settings = SETTINGS.map(|name| digest(&config.root.join(name)));
    let files = context.sources.iter().map(|source| (&source.file, source.exposure));
    let entries = entries.iter().map(|entry| &entry.file);
    let described = format!(
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
    Digest::of(described.as_bytes())
}

fn digested(files: impl IntoIterator<Item = PathBuf>) -> FileDigests {
    files.into_iter().filter_map(|file| digest(&file).map(|digest| (file, digest))).collect()
}

fn is_unchanged((file, known): (&PathBuf, &Digest)) -> bool {
    digest(file).as_ref() == Some(known)
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

    /// A package whose scripts are bundled again and again.
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

        /// Bundles once more; whether the last bundle was offered.
        fn bundles_again(&mut self) -> bool {
            let out: &Path = &self.folder.path().join("out");
            let config = Config::new(self.root(), out.to_owned(), Mode::Dev).expect("configuration");
            let cache = Cache::open(&config.cache).expect("cache");
            let sources = discover(&config, prepare(&config, None).expect("prepared")).expect("sources");
            let context = Context::new(&config, &cache, &sources.files);
            let entry = sources.files.iter().find(|source| source.path.as_str() == "app.ts");
            let entries = [entry.expect("an entry")];
            let is_offered = self.last.unchanged(&BundleInputs::now(&context, &entries)).is_some();
            let engines = Engines::default();
            bundle(&Styles::new(&context, &engines), Some(&mut self.last), &entries).expect("a bundle");
            is_offered
        }
    }

    #[test]
    fn a_bundle_is_offered_for_as_long_as_all_that_it_was_made_from_is_the_same() {
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
        assert!(!package.bundles_again(), "there is none before the first");
        assert!(package.bundles_again());
        for (name, content) in [("assets/app.css", "p { color: blue }\n"), ("assets/index.html", "<p>")] {
            package.write(name, content);
            assert!(package.bundles_again(), "{name} is no part of it");
        }
        for (name, content) in [
            ("assets/part.ts", "export const part = 2;\n"),
            ("assets/part.tsx", "export const part = 3;\n"),
            ("base.json", "{}"),
            ("tsconfig.json", "{ \"extends\": \"./base.json\" }"),
            ("base.json", "{ \"compilerOptions\": {} }"),
            ("Cargo.toml", "[package]\nname = \"fixture\"\n\n[package.metadata.kiln]\nroutes = [\"/a\"]\n"),
        ] {
            let is_part = !(name == "base.json" && content == "{}");
            package.write(name, content);
            assert_eq!(package.bundles_again(), !is_part, "{name}: {content}");
            assert!(package.bundles_again(), "{name} was bundled");
        }
    }
}
