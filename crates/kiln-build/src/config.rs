//! `[package.metadata.kiln]` and the environment of a build script, checked once.

mod compression;

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
};

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use kiln_manifest::{LogicalPath, Mode};
use serde::Deserialize;
use toml::Spanned;

pub use self::compression::Compression;
use crate::{
    Error, Result,
    error::{Text, nearest},
};

/// Everything that a build needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// The folder of the package: the one with `Cargo.toml` and `assets/`.
    pub root: PathBuf,
    /// Where the output goes: the folder `kiln` and the file `kiln_assets.rs` are written here.
    pub out: PathBuf,
    /// What slow tools made is kept here between builds.
    pub cache: PathBuf,
    /// What the build is for.
    pub mode: Mode,
    /// The environment, of which scripts see what begins with `options.env_prefix`.
    pub variables: BTreeMap<String, String>,
    /// What `[package.metadata.kiln]` says.
    pub options: Options,
}

/// `[package.metadata.kiln]`.
#[derive(Clone, Debug)]
pub struct Options {
    /// Scripts and styles to build although no page refers to them, `["admin.ts"]`; default none.
    pub entries: Vec<LogicalPath>,
    /// Below which URL hashed assets are served; default `/assets/`.
    pub prefix: String,
    /// Globs of files that are embedded for the application and never served; default none.
    pub private: GlobSet,
    /// Globs of files that are served under their own name; default `favicon.ico`, `robots.txt`,
    /// `.well-known/**`.
    pub verbatim: GlobSet,
    /// Globs of root-relative URLs that the application answers itself, so that no file needs to stand
    /// behind a reference to them; default `/api/**`.
    pub routes: GlobSet,
    /// `[package.metadata.kiln.compression]`: how outputs of a release are compressed.
    pub compression: Compression,
    /// How a variable of the environment has to begin for scripts to read it by `import.meta.env`; default
    /// `PUBLIC_`.
    pub env_prefix: String,
}

impl Config {
    /// Reads what cargo tells a build script, and `Cargo.toml`.
    ///
    /// # Errors
    /// When the environment is not a build script's, or `[package.metadata.kiln]` is wrong.
    pub fn from_cargo() -> Result<Self> {
        let root = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
        let out = PathBuf::from(variable("OUT_DIR")?);
        let mode = match variable("PROFILE")?.as_str() {
            "release" => Mode::Release,
            _ => Mode::Dev,
        };
        Self::new(root, out, mode)
    }

    /// A configuration for the package in `root`, written below `out`.
    ///
    /// # Errors
    /// When `Cargo.toml` cannot be read, or `[package.metadata.kiln]` is wrong.
    pub fn new(root: PathBuf, out: PathBuf, mode: Mode) -> Result<Self> {
        let root = root.canonicalize().map_err(Error::io("read", root))?;
        let options = Options::read(&root.join("Cargo.toml"))?;
        let cache = cache_beside(&out);
        let variables = env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Ok(Self { root, out, cache, mode, variables: variables.collect(), options })
    }

    /// The folder of the sources.
    #[must_use]
    pub fn assets(&self) -> PathBuf {
        let assets = self.root.join("assets");
        assets.canonicalize().unwrap_or(assets)
    }

    /// The part of the environment that scripts may read.
    pub(crate) fn public_variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables
            .iter()
            .filter(|(name, _)| name.starts_with(&self.options.env_prefix))
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// `path` as diagnostics name it: relative to the package, with `/`.
    pub(crate) fn name_of(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }
}

fn variable(name: &'static str) -> Result<String> {
    env::var(name).map_err(|_| Error::Environment(name))
}

/// Cargo's layout is `TARGET/PROFILE/build/PACKAGE-HASH/out`: what lies in TARGET is shared by all
/// profiles and survives `cargo clean -p`. Elsewhere it lies in the output.
fn cache_beside(out: &Path) -> PathBuf {
    let build = out.ancestors().skip(2).take(2).find(|folder| folder.ends_with("build"));
    build.and_then(|build| build.ancestors().nth(2)).unwrap_or(out).join("kiln-cache")
}

impl Options {
    /// Reads `[package.metadata.kiln]` from a `Cargo.toml`.
    ///
    /// # Errors
    /// When the file cannot be read or parsed, a key is unknown, or a value does not fit.
    pub fn read(cargo_toml: &Path) -> Result<Self> {
        let content = fs::read_to_string(cargo_toml).map_err(Error::io("read", cargo_toml))?;
        Self::parse(&Text::new("Cargo.toml", content))
    }

    fn parse(text: &Text) -> Result<Self> {
        let file: CargoToml = toml::from_str(text.content()).map_err(|error| toml_error(text, &error))?;
        let table = file.package.metadata.kiln;
        Ok(Self {
            entries: table.entries.iter().map(|entry| logical_path(text, entry)).collect::<Result<_>>()?,
            prefix: table.prefix.map_or_else(|| Ok("/assets/".to_owned()), |value| prefix(text, &value))?,
            private: globs(text, &table.private)?,
            verbatim: globs_or(text, table.verbatim, &["favicon.ico", "robots.txt", ".well-known/**"])?,
            routes: globs_or(text, table.routes, &["/api/**"])?,
            compression: Compression::checked(text, table.compression)?,
            env_prefix: table
                .env_prefix
                .map_or_else(|| Ok("PUBLIC_".to_owned()), |value| env_prefix(text, &value))?,
        })
    }
}

#[derive(Deserialize)]
struct CargoToml {
    package: Package,
}

#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Default, Deserialize)]
struct Metadata {
    #[serde(default)]
    kiln: Table,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Table {
    entries: Vec<Spanned<String>>,
    prefix: Option<Spanned<String>>,
    private: Vec<Spanned<String>>,
    verbatim: Option<Vec<Spanned<String>>>,
    routes: Option<Vec<Spanned<String>>>,
    compression: compression::Table,
    env_prefix: Option<Spanned<String>>,
}

fn toml_error(text: &Text, error: &toml::de::Error) -> Error {
    let span = error.span().unwrap_or(0..0);
    let message = error.message().lines().next().unwrap_or_default().to_owned();
    let key = &text.content()[span.clone()];
    if !message.starts_with("unknown field") {
        return text.error(span, message).into();
    }
    // serde names what it expected: unknown field `x`, expected one of `a`, `b`.
    let expected = message.split_once("expected").map_or("", |(_, expected)| expected);
    let keys: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
    let help =
        nearest(key, keys.iter().copied()).unwrap_or_else(|| format!("the keys are {}", keys.join(", ")));
    let before = &text.content()[..span.start];
    let table = before.lines().rev().find(|line| line.starts_with("[package.metadata.kiln"));
    let table = table.unwrap_or("[package.metadata.kiln]").trim_end();
    text.error(span, format!("`{key}` is not a key of {table}"))
        .with_label("unknown key")
        .with_help(help)
        .into()
}

fn logical_path(text: &Text, entry: &Spanned<String>) -> Result<LogicalPath> {
    LogicalPath::new(entry.get_ref()).map_err(|invalid| {
        text.error(entry.span(), invalid.to_string())
            .with_help("name a file below assets/, with `/` between folders: `admin/main.ts`")
            .into()
    })
}

fn prefix(text: &Text, value: &Spanned<String>) -> Result<String> {
    let prefix = value.get_ref();
    let inner = prefix.strip_prefix('/').and_then(|rest| rest.strip_suffix('/'));
    match inner.map(LogicalPath::new) {
        Some(Ok(_)) => Ok(prefix.clone()),
        _ => Err(text
            .error(value.span(), format!("`{prefix}` is not a URL prefix"))
            .with_help("begin and end it with `/`, with a name between: `/assets/`")
            .into()),
    }
}

/// Without a prefix, whatever secret the environment holds would be served.
fn env_prefix(text: &Text, value: &Spanned<String>) -> Result<String> {
    let prefix = value.get_ref();
    let is_name = prefix.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if prefix.is_empty() || !is_name || prefix.starts_with(|first: char| first.is_ascii_digit()) {
        return Err(text
            .error(value.span(), format!("`{prefix}` is not the beginning of a variable's name"))
            .with_label("would make secrets public, or nothing")
            .with_help("write letters, digits and `_`: `env-prefix = \"PUBLIC_\"`")
            .into());
    }
    Ok(prefix.clone())
}

fn globs(text: &Text, patterns: &[Spanned<String>]) -> Result<GlobSet> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let glob = GlobBuilder::new(pattern.get_ref())
            .literal_separator(true)
            .build()
            .map_err(|error| text.error(pattern.span(), error.kind().to_string()))?;
        set.add(glob);
    }
    set.build().map_err(|error| text.error(0..0, error.to_string()).into())
}

fn globs_or(text: &Text, patterns: Option<Vec<Spanned<String>>>, default: &[&str]) -> Result<GlobSet> {
    let default = || default.iter().map(|glob| Spanned::new(0..0, (*glob).to_owned())).collect();
    globs(text, &patterns.unwrap_or_else(default))
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
