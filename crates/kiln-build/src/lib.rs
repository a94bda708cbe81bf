//! The build lifecycle: turns `assets/` into what an application embeds, and ends before it starts.
//!
//! A package that embeds its front end has this in its `build.rs`:
//!
//! ```no_run
//! fn main() -> kiln_build::Outcome {
//!     kiln_build::build_script()
//! }
//! ```
//!
//! Data passes through the modules in this order: [`config`] says what is wanted, `npm` fetches packages,
//! `step` has other tools do their part, [`discover`] finds sources, `compile` turns each into what browsers read, `link` writes references and
//! hashes, `compress` makes coded variants, and [`emit`] writes the folder and the table behind `asset!`.
//!
//! Each language is a feature: `pages` (HTML), `styles` (CSS), `tailwind`, and `scripts` (TypeScript and
//! JavaScript), which are on by default; `sass` and `migrations`, which tries `migrations/` on a SQLite database in
//! memory, are off. Without them, what another tool has finished is embedded as it is, and neither
//! a bundler nor a script engine is compiled. Each compressor is a feature as well: `brotli`,
//! `gzip` and `zstd`.

// A build that reads fewer languages needs less of what they share.
#![cfg_attr(
    not(feature = "default"),
    allow(dead_code, clippy::needless_pass_by_value, clippy::zero_sized_map_values)
)]

mod awaited;
mod budget;
mod cache;
mod cargo;
mod compile;
mod compress;
pub mod config;
pub mod discover;
mod edit;
pub mod emit;
pub mod error;
mod language;
#[cfg(feature = "styles")]
mod lines;
mod link;
mod npm;
mod parallel;
mod provenance;
mod reference;
pub mod report;
mod resolve;
#[cfg(feature = "sbom")]
mod sbom;
mod source_map;
mod sources;
mod staged;
mod step;
mod stored;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use cache::Cache;
pub use cargo::{Outcome, build_script};
pub use config::{Config, Options};
pub use error::{Error, Result};
pub use report::Report;
pub use step::supervise;

/// Builds a front end: everything from the sources in `config.root` to the folder below `config.out`.
///
/// # Errors
/// Every mistake in the sources, with file, place and mend; then the output of the build before stays.
pub fn build(config: &Config) -> Result<Report> {
    npm::install(&config.root)?;
    let migrations = compile::migration::check(config)?;
    let steps = step::run_all(config)?;
    let sources = discover::discover(config)?;
    discover::check_spa(config, &sources)?;
    let cache = Cache::open(&config.cache)?;
    let mut compilation = compile::compile(config, &cache, &sources)?;
    let mut watched = std::mem::take(&mut compilation.watched);
    let mut variables = std::mem::take(&mut compilation.variables);
    let warnings = std::mem::take(&mut compilation.warnings);
    let linked = link::link(config, compilation)?;
    let packed = compress::compress(config, &cache, linked)?;
    cache.close()?;
    budget::check(config, &packed)?;
    let referrers = report::referrers(&packed);
    watched.extend(migrations);
    watched.extend(steps.watched);
    variables.extend(steps.variables);
    watched.extend(inputs(config));
    let (watched, absent): (BTreeSet<_>, BTreeSet<_>) = watched.into_iter().partition(|path| path.exists());
    let read = sources::record(config, &sources, &watched)?;
    let manifest = emit::emit(config, packed, read)?;
    Ok(Report {
        manifest,
        referrers,
        watched: outermost(&watched),
        awaited: awaited(config).chain(absent).collect(),
        variables,
        warnings,
    })
}

/// Leaves out what lies below a folder that is there as well.
fn outermost(paths: &BTreeSet<PathBuf>) -> BTreeSet<PathBuf> {
    let is_below = |path: &Path| path.ancestors().skip(1).any(|folder| paths.contains(folder));
    paths.iter().filter(|path| !is_below(path)).cloned().collect()
}

/// What every build depends on, as far as it is there.
fn inputs(config: &Config) -> impl Iterator<Item = PathBuf> {
    ["assets", "Cargo.toml", "package.json", "package-lock.json", "tsconfig.json"]
        .map(|name| config.root.join(name))
        .into_iter()
        .filter(|path| path.exists())
}

/// What the next build would depend on if it were there.
fn awaited(config: &Config) -> impl Iterator<Item = PathBuf> {
    let names = ["assets", "migrations", "package.json", "tsconfig.json"];
    names.map(|name| config.root.join(name)).into_iter().filter(|path| !path.exists())
}
