//! `cargo kiln dev`: rebuilds when a source has changed, says so in one line, and goes on after mistakes.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::mpsc,
    time::{Duration, Instant},
};

use kiln_build::{Config, Report};
use kiln_manifest::{Digest, LogicalPath, Manifest, Mode};
use miette::{IntoDiagnostic, Result};
use notify::{EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{
    DebounceEventResult, DebouncedEvent, Debouncer, RecommendedCache, new_debouncer,
};

use crate::package::FrontEnd;

/// How long a burst of changes must pause before a rebuild: editors write a file in several steps.
const PAUSE: Duration = Duration::from_millis(30);

/// Watches until the process is ended.
pub(crate) fn watch(package: Option<&str>) -> Result<()> {
    let front_end = FrontEnd::find(package)?;
    let out = front_end.out_dir()?;
    let config = || Config::new(front_end.root.clone(), out.clone(), Mode::Dev);
    let (changes, batches) = mpsc::channel();
    let mut watcher = Watcher::new(changes)?;
    let report = kiln_build::build(&config()?)?;
    watcher.follow(&report.watched)?;
    let mut known = contents(&report.manifest);
    eprintln!("watching {} for changes; end with Ctrl-C", front_end.root.display());
    for batch in batches {
        if !batch.iter().any(|path| watcher.is_source(path)) {
            continue;
        }
        let start = Instant::now();
        match config().and_then(|config| kiln_build::build(&config)) {
            Ok(report) => {
                watcher.follow(&report.watched)?;
                let now = contents(&report.manifest);
                tell(&report, &known, &now, start.elapsed());
                known = now;
            }
            Err(error) => eprintln!("{:?}", miette::Report::new(error)),
        }
    }
    Ok(())
}

type Contents = BTreeMap<LogicalPath, Digest>;

fn contents(manifest: &Manifest) -> Contents {
    manifest.assets.iter().map(|asset| (asset.path.clone(), asset.variants[0].digest)).collect()
}

/// Names what is different; says nothing when the change made no difference.
fn tell(report: &Report, before: &Contents, after: &Contents, took: Duration) {
    let names: BTreeSet<&LogicalPath> = before.keys().chain(after.keys()).collect();
    let changed: Vec<&str> = names
        .into_iter()
        .filter(|name| before.get(name) != after.get(name))
        .map(LogicalPath::as_str)
        .collect();
    if !changed.is_empty() {
        eprintln!("rebuilt {} in {} ms", changed.join(", "), took.as_millis());
    }
    for warning in &report.warnings {
        eprintln!("{warning}");
    }
}

/// Follows the files and folders of the last successful build.
struct Watcher {
    debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
    sources: BTreeSet<PathBuf>,
    followed: BTreeSet<PathBuf>,
}

impl Watcher {
    fn new(changes: mpsc::Sender<Vec<PathBuf>>) -> Result<Self> {
        let debouncer = new_debouncer(PAUSE, None, move |result: DebounceEventResult| {
            let paths =
                result.unwrap_or_default().into_iter().filter(is_change).flat_map(|event| event.event.paths);
            // The receiver lives as long as the process watches.
            let _ = changes.send(paths.collect());
        });
        let debouncer = debouncer.into_diagnostic()?;
        Ok(Self { debouncer, sources: BTreeSet::new(), followed: BTreeSet::new() })
    }

    /// A file is followed by its folder: editors replace files, and the file watched is then gone.
    fn follow(&mut self, sources: &BTreeSet<PathBuf>) -> Result<()> {
        for source in sources {
            let (path, mode) = match source.parent() {
                Some(folder) if !source.is_dir() => (folder, RecursiveMode::NonRecursive),
                _ => (source.as_path(), RecursiveMode::Recursive),
            };
            if self.followed.insert(path.to_owned()) {
                self.debouncer.watch(path, mode).into_diagnostic()?;
            }
        }
        self.sources.clone_from(sources);
        Ok(())
    }

    fn is_source(&self, changed: &Path) -> bool {
        changed.ancestors().any(|path| self.sources.contains(path))
    }
}

/// Reading is reported as well, and a build reads everything.
fn is_change(event: &DebouncedEvent) -> bool {
    !matches!(event.kind, EventKind::Access(_))
}
