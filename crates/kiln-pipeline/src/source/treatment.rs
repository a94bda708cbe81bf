//! Treatments: the language and the exposure of a file, by its place, its name and the configuration.

use kiln_manifest::{Exposure, LogicalPath};

use super::language::{Language, Reading};
use crate::{Config, Error, Result};

/// The language and the exposure of a file.
pub(super) type Treatment = fn(&Config, &LogicalPath) -> Result<(Language, Exposure)>;

/// The treatment of a file in `assets/`.
pub(super) fn treatment(config: &Config, path: &LogicalPath) -> Result<(Language, Exposure)> {
    let is_verbatim = config.options.verbatim.is_match(path);
    Ok(match Reading::of(path) {
        _ if config.options.private.is_match(path.as_str()) => (Language::StaticFile, Exposure::Private),
        _ if config.options.hashed.is_match(path.as_str()) => {
            (Language::StaticFile, below_prefix(config, path)?)
        }
        Reading::Compiled(Language::Page) if is_verbatim => (Language::Page, Exposure::Verbatim),
        // A service worker is served unchanged, under the name by which it is registered.
        _ if is_verbatim => (Language::StaticFile, Exposure::Verbatim),
        Reading::Compiled(Language::Page) if path.file_name().starts_with('_') => {
            (Language::Partial, Exposure::Private)
        }
        Reading::Compiled(Language::Page) => (Language::Page, Exposure::Page),
        Reading::Compiled(language) => (language, Exposure::Hashed),
        Reading::StaticFile => (Language::StaticFile, Exposure::Hashed),
        Reading::Finished if is_page(path) => (Language::StaticFile, Exposure::Page),
        Reading::Finished => (Language::StaticFile, Exposure::Verbatim),
        Reading::Unsupported => return Err(without_toolchain(path)),
    })
}

/// The treatment of a file in `public/`: served unchanged at the root, pages too.
#[expect(clippy::unnecessary_wraps, reason = "a `Treatment`, of which others fail")]
pub(super) fn unchanged(config: &Config, path: &LogicalPath) -> Result<(Language, Exposure)> {
    let is_private = config.options.private.is_match(path.as_str());
    let exposure = if is_private { Exposure::Private } else { Exposure::Verbatim };
    Ok((Language::StaticFile, exposure))
}

/// The treatment of a file in the output folder of a step. Names stay: the tool may have written them into its files in
/// forms that the build cannot rewrite.
pub(super) fn finished(config: &Config, path: &LogicalPath) -> Result<(Language, Exposure)> {
    Ok(match Reading::of(path) {
        _ if config.options.private.is_match(path.as_str()) => (Language::StaticFile, Exposure::Private),
        _ if config.options.hashed.is_match(path.as_str()) => {
            (Language::StaticFile, below_prefix(config, path)?)
        }
        _ if config.options.verbatim.is_match(path) => (Language::StaticFile, Exposure::Verbatim),
        Reading::Compiled(Language::Page) => (Language::Page, Exposure::Page),
        _ if is_page(path) => (Language::StaticFile, Exposure::Page),
        _ => (Language::StaticFile, Exposure::Verbatim),
    })
}

fn without_toolchain(path: &LogicalPath) -> Error {
    Error::Tree {
        path: format!("assets/{path}").into(),
        problem: "requires the `toolchain` feature of kiln-build".to_owned(),
        help: "add \"toolchain\" to the features of kiln-build in Cargo.toml, or embed the output of another tool"
            .to_owned(),
    }
}

/// Immutable files lie below the prefix, where a miss is never answered by a page.
fn below_prefix(config: &Config, path: &LogicalPath) -> Result<Exposure> {
    let prefix = &config.options.prefix;
    if format!("/{path}").starts_with(prefix) {
        return Ok(Exposure::Hashed);
    }
    Err(Error::Tree {
        path: path.as_str().into(),
        problem: format!("matches `hashed` in [package.metadata.kiln], but lies outside of `{prefix}`"),
        help: "set `prefix` to the folder in which the other tool writes fingerprinted files".to_owned(),
    })
}

fn is_page(path: &LogicalPath) -> bool {
    path.extension().is_some_and(|extension| extension.to_ascii_lowercase().starts_with("htm"))
}
