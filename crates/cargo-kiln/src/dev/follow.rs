//! Watched folders, and bursts of changes in them.
//!
//! Each folder is watched by itself, never a file: editors replace files, and the watched file would then be gone.
//! Folders are looked for again after every burst, so that one that was replaced, as `git checkout` does, or has just
//! appeared is watched before it is read.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use ignore::WalkBuilder;
use kiln_pipeline::INPUTS;
use miette::{IntoDiagnostic, Result, WrapErr, miette};
use notify::{
    Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _,
    event::{ModifyKind, RemoveKind},
};

use super::server_sources::ServerSources;

/// Pause that ends a burst of changes: editors write a file in several steps.
const PAUSE: Duration = Duration::from_millis(20);
/// Longest time for which a burst without a pause is collected.
const LONGEST: Duration = Duration::from_secs(1);

/// Watcher of the sources of a package.
#[derive(Debug)]
pub(crate) struct Follower {
    root: PathBuf,
    watcher: RecommendedWatcher,
    events: Receiver<notify::Result<Event>>,
    /// Files, and folders with all that is in them, whose change needs a build.
    sources: BTreeSet<PathBuf>,
    /// Folders that the system watches.
    folders: BTreeSet<PathBuf>,
    server: ServerSources,
}

/// Changes that came together.
#[derive(Debug, Default)]
pub struct Burst {
    for_the_build: bool,
    /// Sources of the server whose content changed, relative to the package.
    pub server: Vec<PathBuf>,
}

impl Burst {
    /// Whether a source of the front end may have changed.
    #[must_use]
    pub fn is_for_the_build(&self) -> bool {
        self.for_the_build
    }
}

impl Follower {
    pub(crate) fn new(root: PathBuf) -> Result<Self> {
        let (sender, events) = mpsc::channel();
        let is_wanted = |event: &notify::Result<Event>| !event.as_ref().is_ok_and(is_read);
        let handler = move |event| {
            if is_wanted(&event) {
                // The receiver lives as long as the process watches.
                let _ = sender.send(event);
            }
        };
        let watcher = RecommendedWatcher::new(handler, notify::Config::default())
            .into_diagnostic()
            .wrap_err("could not watch files")?;
        let server = ServerSources::of(&root);
        let mut follower =
            Self { root, watcher, events, sources: BTreeSet::new(), folders: BTreeSet::new(), server };
        follower.follow(&BTreeSet::new());
        Ok(follower)
    }

    /// Follows `sources`, beside the inputs of every build.
    pub(crate) fn follow(&mut self, sources: &BTreeSet<PathBuf>) {
        let own = INPUTS.iter().map(|name| self.root.join(name));
        self.sources = sources.iter().cloned().chain(own).collect();
        self.follow_folders();
    }

    /// Waits for the next burst that holds a change to the content of a source.
    pub(crate) fn wait(&mut self) -> Result<Burst> {
        loop {
            let paths = self.burst()?;
            self.follow_folders();
            let for_the_build = paths.iter().any(|path| self.is_source(path));
            let server = self.server.changed(&self.root, &paths);
            if for_the_build || !server.is_empty() {
                return Ok(Burst { for_the_build, server });
            }
        }
    }

    fn burst(&mut self) -> Result<Vec<PathBuf>> {
        let ended = || miette!("no more events of watched files");
        let mut paths = Vec::new();
        self.take(self.events.recv().map_err(|_| ended())?, &mut paths);
        let began = Instant::now();
        while began.elapsed() < LONGEST {
            match self.events.recv_timeout(PAUSE) {
                Ok(event) => self.take(event, &mut paths),
                Err(RecvTimeoutError::Timeout) => break,
                Err(RecvTimeoutError::Disconnected) => return Err(ended()),
            }
        }
        Ok(paths)
    }

    fn take(&mut self, event: notify::Result<Event>, paths: &mut Vec<PathBuf>) {
        // An error, or a queue that has overflown: anything may have changed.
        let Ok(event) = event else { return self.take_all(paths) };
        if event.need_rescan() {
            return self.take_all(paths);
        }
        if is_removal(event.kind) {
            for gone in &event.paths {
                self.folders.retain(|folder| !folder.starts_with(gone));
            }
        }
        paths.extend(event.paths);
    }

    fn take_all(&mut self, paths: &mut Vec<PathBuf>) {
        self.folders.clear();
        paths.extend(self.sources.iter().cloned());
    }

    fn is_source(&self, changed: &Path) -> bool {
        changed.ancestors().any(|path| self.sources.contains(path))
    }

    /// Watches the folders that exist, and no others.
    fn follow_folders(&mut self) {
        let mut wanted = BTreeSet::from([self.root.clone()]);
        for source in self.sources.iter().cloned().chain(ServerSources::places(&self.root)) {
            if source.is_dir() {
                wanted.extend(folders_below(&source));
            } else if let Some(folder) = source.parent().filter(|folder| folder.is_dir()) {
                wanted.insert(folder.to_owned());
            }
        }
        for folder in self.folders.difference(&wanted) {
            // A removed folder has lost its watch already.
            let _ = self.watcher.unwatch(folder);
        }
        let new: Vec<_> = wanted.difference(&self.folders).cloned().collect();
        self.folders.retain(|folder| wanted.contains(folder));
        for folder in new {
            // A folder that was removed since is an event of its own, after which folders are looked for again.
            if self.watcher.watch(&folder, RecursiveMode::NonRecursive).is_ok() {
                self.folders.insert(folder);
            }
        }
    }
}

/// Whether an event is a read: a build reads every source.
fn is_read(event: &Event) -> bool {
    matches!(event.kind, EventKind::Access(_))
}

/// Whether an event removes a path, so that watches below it are dead.
fn is_removal(kind: EventKind) -> bool {
    matches!(
        kind,
        EventKind::Remove(RemoveKind::Any | RemoveKind::Folder | RemoveKind::Other)
            | EventKind::Modify(ModifyKind::Name(_))
    )
}

/// Folders below `folder`, without packages and caches, which are many and never edited.
fn folders_below(folder: &Path) -> impl Iterator<Item = PathBuf> + use<> {
    let is_followed = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        name != "node_modules" && name != ".git" && !path.join("CACHEDIR.TAG").is_file()
    };
    let walk = WalkBuilder::new(folder)
        .standard_filters(false)
        .follow_links(true)
        .filter_entry(move |entry| {
            entry.file_type().is_some_and(|kind| kind.is_dir()) && is_followed(entry.path())
        })
        .build();
    walk.flatten().map(ignore::DirEntry::into_path)
}
