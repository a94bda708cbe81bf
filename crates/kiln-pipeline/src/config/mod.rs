//! `[package.metadata.kiln]` and the environment of a build script, checked once.

mod attributes;
mod budgets;
mod compression;
mod define;
mod dotenv;
mod glob_list;
mod headers;
mod options;
mod policy;
mod policy_table;
mod source_maps;
mod step;
mod table;
mod targets;
mod unknown;
mod value;
mod verbatim;

#[cfg(feature = "toolchain")]
use std::collections::BTreeSet;
use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
};

use kiln_manifest::{Directive, Mode, PolicySource, SOURCE_FOLDERS, SitePolicy};

pub use self::{
    attributes::ReferenceAttributes,
    budgets::{Budget, Budgets, Limit, Measure},
    compression::Compression,
    glob_list::{GlobList, WrittenGlob},
    headers::Headers,
    options::Options,
    policy::PagePolicies,
    source_maps::SourceMaps,
    step::{ExternalStep, Input},
    targets::{Browser, Targets, Version},
    verbatim::Verbatim,
};
use crate::{Error, Result};

/// The name of the folder that the application embeds, below `OUT_DIR`.
pub const FOLDER: &str = "kiln";

const PUBLIC: &str = SOURCE_FOLDERS[2];

/// The file of declarations for TypeScript, beside `tsconfig.json`.
pub(crate) const DECLARATIONS: &str = "kiln.d.ts";

/// The configuration of a build.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the package: the one with `Cargo.toml` and `assets/`.
    pub root: PathBuf,
    /// The output folder, in which the folder `kiln` and the file `kiln_assets.rs` are written.
    pub out: PathBuf,
    /// The folder that caches results of slow tools between builds.
    pub cache: PathBuf,
    /// Development or release.
    pub mode: Mode,
    /// The `Cargo.lock` by which this executable was compiled, if known: the versions of compressors are part of the
    /// keys of cached results.
    pub lock_file: Option<PathBuf>,
    /// The variables of `.env` files and of the environment, of which scripts see the variables that begin with `options.env_prefix`.
    pub variables: BTreeMap<String, String>,
    /// The options in `[package.metadata.kiln]`.
    pub options: Options,
}

impl Config {
    /// A configuration for the package in `root`, written below `out`.
    ///
    /// # Errors
    /// When `Cargo.toml` cannot be read, or `[package.metadata.kiln]` is invalid.
    pub fn new(root: PathBuf, out: PathBuf, mode: Mode) -> Result<Self> {
        let root = root.canonicalize().map_err(Error::io("read", root))?;
        let options = Options::read(&root.join("Cargo.toml"))?;
        let cache = cache_beside(&out);
        let written = dotenv::written(&root, mode, &options.env_prefix)?;
        let environment = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let variables = dotenv::expanded(&written, environment.collect());
        Ok(Self { root, out, cache, mode, lock_file: None, variables, options })
    }

    /// The folder of the sources.
    #[must_use]
    pub fn assets(&self) -> PathBuf {
        let assets = self.root.join("assets");
        assets.canonicalize().unwrap_or(assets)
    }

    /// The folder of the files that are served unchanged at the root, where there is one.
    pub(crate) fn public(&self) -> Option<PathBuf> {
        let is_output = self.options.steps.iter().any(|step| step.output.as_str() == PUBLIC);
        self.root.join(PUBLIC).canonicalize().ok().filter(|folder| folder.is_dir() && !is_output)
    }

    /// The treatment of source maps in this build.
    #[must_use]
    pub fn source_maps(&self) -> SourceMaps {
        self.options.source_maps.unwrap_or(match self.mode {
            Mode::Dev => SourceMaps::Linked,
            Mode::Release => SourceMaps::None,
        })
    }

    /// Whether elements and preloads have integrity metadata: those of a release.
    pub(crate) fn has_integrity(&self) -> bool {
        self.mode == Mode::Release && self.options.integrity
    }

    /// The policy of a page without sources of its own. Hashed assets of another origin are allowed.
    pub(crate) fn site_policy(&self) -> SitePolicy {
        const DIRECTIVES: [Directive; 6] = [
            Directive::ScriptSrc,
            Directive::StyleSrc,
            Directive::ImgSrc,
            Directive::FontSrc,
            Directive::ConnectSrc,
            Directive::MediaSrc,
        ];
        let mut site = self.options.policy.site(self.mode);
        if let Some(source) = self.asset_origin().and_then(|origin| PolicySource::new(origin).ok()) {
            for directive in DIRECTIVES {
                site.base.allow(directive, source.clone());
            }
        }
        site
    }

    /// The origin before the URLs of hashed assets: that of a release.
    pub(crate) fn asset_origin(&self) -> Option<&str> {
        self.options.asset_origin.as_deref().filter(|_| self.mode == Mode::Release)
    }

    /// The mode as npm packages name it, in `NODE_ENV` and in conditions of `exports`.
    #[cfg(feature = "toolchain")]
    pub(crate) fn mode_name(&self) -> &'static str {
        match self.mode {
            Mode::Dev => "development",
            Mode::Release => "production",
        }
    }

    /// Whether style sheets have source maps: in development. A release is minified in the passes of Tailwind's command
    /// line, which no map survives.
    #[cfg(feature = "toolchain")]
    pub(crate) fn maps_styles(&self) -> bool {
        self.mode == Mode::Dev && self.source_maps() != SourceMaps::None
    }

    /// The variables of the environment that scripts may read.
    #[cfg(feature = "toolchain")]
    pub(crate) fn public_variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables
            .iter()
            .filter(|(name, _)| name.starts_with(&self.options.env_prefix))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The public variables that `.env` files define in both modes, without those of the environment.
    #[cfg(feature = "toolchain")]
    pub(crate) fn declared_variables(&self) -> BTreeSet<String> {
        // A mistake in a file of the other mode is an error of builds in that mode.
        let prefix = &self.options.env_prefix;
        let names = |mode| dotenv::written(&self.root, mode, prefix).unwrap_or_default().into_keys();
        let released: BTreeSet<String> = names(Mode::Release).collect();
        let is_public = |name: &String| name.starts_with(prefix);
        names(Mode::Dev).filter(|name| is_public(name) && released.contains(name)).collect()
    }

    /// The name of `path` in diagnostics: relative to the package, with `/`.
    pub(crate) fn name_of(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }
}

/// The cache for the output folder `out`. Cargo's layout is `TARGET/PROFILE/build/PACKAGE-HASH/out`: a cache in TARGET
/// is shared by all profiles and survives `cargo clean -p`. In another layout, the cache lies in the output.
fn cache_beside(out: &Path) -> PathBuf {
    let build = out.ancestors().skip(2).take(2).find(|folder| folder.ends_with("build"));
    build.and_then(|build| build.ancestors().nth(2)).unwrap_or(out).join("kiln-cache")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_profiles_of_a_target_folder_share_one_cache() {
        for (out, cache) in [
            ("/t/debug/build/a-0f/out", "/t/kiln-cache"),
            (
                "/t/x86_64-unknown-linux-musl/release/build/a-0f/out",
                "/t/x86_64-unknown-linux-musl/kiln-cache",
            ),
            ("/t/debug/build/a/0f/out", "/t/kiln-cache"),
            ("/build/somewhere/else", "/build/somewhere/else/kiln-cache"),
        ] {
            assert_eq!(cache_beside(Path::new(out)), Path::new(cache), "{out}");
        }
    }
}
