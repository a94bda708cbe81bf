//! One build after another, each compared with the one before: content says what changed, not the clock.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use kiln_build::{Config, Error, Report, emit::FOLDER};
use kiln_manifest::{Digest, LogicalPath, MANIFEST_FILE, Manifest, Mode};

use super::state::State;

/// The builds of one package.
#[derive(Debug)]
pub(crate) struct Rebuilds {
    config: Config,
    known: Option<Contents>,
    watched: BTreeSet<PathBuf>,
    state: State,
    warnings: Vec<String>,
}

/// What came of a build.
#[derive(Debug, Default)]
pub struct Round {
    /// The assets that are different, by name.
    pub changed: Vec<LogicalPath>,
    /// Those of them that a running server has read already, and reads again only when it starts.
    pub private: Vec<LogicalPath>,
    /// What the tools had to say that they had not said before.
    pub warnings: Vec<String>,
    /// Why there was no build.
    pub failure: Option<Error>,
    /// Whether the build before this one had failed, and this one did not.
    pub is_mended: bool,
    /// How long it took.
    pub took: Duration,
}

/// The URL and the content of each asset.
type Contents = BTreeMap<LogicalPath, (Option<String>, Digest)>;

impl Rebuilds {
    pub(crate) fn new(config: Config) -> Self {
        let known = former(&config);
        let (state, watched, warnings) = (State::default(), BTreeSet::new(), Vec::new());
        Self { config, known, watched, state, warnings }
    }

    /// Everything on which the last build depended that did not fail.
    pub(crate) fn watched(&self) -> &BTreeSet<PathBuf> {
        &self.watched
    }

    /// What pages have to know now.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn rebuild(&mut self) -> Round {
        let start = Instant::now();
        let mut round = match self.build() {
            Ok(report) => self.succeeded(report),
            Err(error) => self.failed(error),
        };
        round.took = start.elapsed();
        round
    }

    /// `Cargo.toml` is read again each time: it holds the configuration.
    fn build(&self) -> kiln_build::Result<Report> {
        let config = Config::new(self.config.root.clone(), self.config.out.clone(), Mode::Dev)?;
        kiln_build::build(&config)
    }

    fn succeeded(&mut self, report: Report) -> Round {
        let now = contents(&report.manifest);
        let changed = self.known.as_ref().map(|before| different(before, &now)).unwrap_or_default();
        let place = |name| now.get(name).or_else(|| self.known.as_ref()?.get(name));
        let url_of = |name| place(name).and_then(|(url, _)| url.as_deref());
        let private = changed.iter().filter(|name| url_of(name).is_none()).cloned().collect();
        let is_mended = self.state.succeed(changed.iter().filter_map(url_of));
        let warnings = report.warnings.iter().filter(|one| !self.warnings.contains(one)).cloned().collect();
        self.known = Some(now);
        self.watched = report.watched;
        self.warnings = report.warnings;
        Round { changed, private, warnings, is_mended, ..Round::default() }
    }

    /// What was mistaken before and is so still is not told again.
    fn failed(&mut self, error: Error) -> Round {
        let is_news = self.state.fail(&error);
        Round { failure: Some(error).filter(|_| is_news), ..Round::default() }
    }
}

/// What pages that are open already may show.
fn former(config: &Config) -> Option<Contents> {
    let manifest = fs::read(config.out.join(FOLDER).join(MANIFEST_FILE)).ok()?;
    Some(contents(&serde_json::from_slice(&manifest).ok()?))
}

fn contents(manifest: &Manifest) -> Contents {
    let content = |asset: &kiln_manifest::Asset| (asset.url.clone(), asset.variants[0].digest);
    // A source map follows its script, and nobody looks at it.
    let shown = manifest.assets.iter().filter(|asset| asset.path.extension() != Some("map"));
    shown.map(|asset| (asset.path.clone(), content(asset))).collect()
}

fn different(before: &Contents, after: &Contents) -> Vec<LogicalPath> {
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|name| before.get(name) != after.get(name)).cloned().collect()
}
