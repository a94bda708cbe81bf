//! One build after another, each compared with the one before by content, not by the clock.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    time::{Duration, Instant},
};

use kiln_manifest::{Digest, LogicalPath, MANIFEST_FILE, Manifest, Mode};
use kiln_pipeline::{Config, Error, FOLDER, Report, Session, Supervisor};

use super::state::State;

/// The builds of one package.
#[derive(Debug)]
pub(crate) struct Rebuilds {
    config: Config,
    session: Session,
    known: Option<Contents>,
    watched: BTreeSet<PathBuf>,
    state: State,
    warnings: Vec<String>,
}

/// Outcome of a build.
#[derive(Debug, Default)]
pub struct Round {
    /// Assets that are different, by name.
    pub changed: Vec<LogicalPath>,
    /// Changed assets that a running server has read already, and reads again only when it starts.
    pub private: Vec<LogicalPath>,
    /// Warnings that the build before did not have.
    pub warnings: Vec<String>,
    /// Error of a failed build, unless the build before failed alike.
    pub failure: Option<Error>,
    /// Whether this build succeeded after one that failed.
    pub is_fixed: bool,
    /// Duration of the build.
    pub took: Duration,
}

/// The URL and the content of each asset.
type Contents = BTreeMap<LogicalPath, (Option<String>, Digest)>;

impl Rebuilds {
    pub(crate) fn new(config: Config, supervisor: Supervisor) -> Self {
        let session = Session::new(config.clone()).with_supervisor(supervisor);
        let known = previous(&config);
        let (state, watched, warnings) = (State::default(), BTreeSet::new(), Vec::new());
        Self { config, session, known, watched, state, warnings }
    }

    /// Files and folders on which the last successful build depended.
    pub(crate) fn watched(&self) -> &BTreeSet<PathBuf> {
        &self.watched
    }

    /// State for pages.
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
    fn build(&mut self) -> kiln_pipeline::Result<Report> {
        self.config = Config::new(self.config.root.clone(), self.config.out.clone(), Mode::Dev)?;
        self.session.configure(self.config.clone());
        self.session.build()
    }

    fn succeeded(&mut self, report: Report) -> Round {
        let now = contents(&report.manifest);
        let changed = self.known.as_ref().map(|before| differences(before, &now)).unwrap_or_default();
        let place = |name| now.get(name).or_else(|| self.known.as_ref()?.get(name));
        let url_of = |name| place(name).and_then(|(url, _)| url.as_deref());
        let private = changed.iter().filter(|name| url_of(name).is_none()).cloned().collect();
        let is_fixed = self.state.succeed(changed.iter().filter_map(url_of));
        let warnings = report.warnings.iter().filter(|one| !self.warnings.contains(one)).cloned().collect();
        self.known = Some(now);
        self.watched = report.watched;
        self.warnings = report.warnings;
        Round { changed, private, warnings, is_fixed, ..Round::default() }
    }

    /// A failure, reported when the build before did not fail alike.
    fn failed(&mut self, error: Error) -> Round {
        let is_news = self.state.fail(&error);
        // A failed build reports no inputs; the mistake may be in the command of a step, or in its inputs.
        let steps = self.config.options.steps.iter().flat_map(|step| &step.inputs);
        self.watched.extend(steps.map(|input| self.config.root.join(input.root.as_str())));
        Round { failure: Some(error).filter(|_| is_news), ..Round::default() }
    }
}

/// Assets of the previous build, which open pages may show.
fn previous(config: &Config) -> Option<Contents> {
    let manifest = fs::read(config.out.join(FOLDER).join(MANIFEST_FILE)).ok()?;
    Some(contents(&serde_json::from_slice(&manifest).ok()?))
}

fn contents(manifest: &Manifest) -> Contents {
    let content = |asset: &kiln_manifest::Asset| (asset.url.clone(), asset.variants[0].digest);
    // A source map follows its script.
    let shown = manifest.assets.iter().filter(|asset| asset.path.extension() != Some("map"));
    shown.map(|asset| (asset.path.clone(), content(asset))).collect()
}

fn differences(before: &Contents, after: &Contents) -> Vec<LogicalPath> {
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|name| before.get(name) != after.get(name)).cloned().collect()
}
