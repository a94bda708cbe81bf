//! A package in a temporary folder, watched on a thread of its own.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver},
    thread,
    time::Duration,
};

use cargo_kiln::dev::{Burst, Round, Watch};
use tempfile::TempDir;

/// Time-out of a failing test: longer than any change takes.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Project {
    folder: TempDir,
    rounds: Receiver<(Burst, Round)>,
    pub(crate) port: u16,
}

impl Project {
    /// A package of `files`, watched, after its first build.
    pub(crate) fn watched(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("package");
        let port = free_port();
        let manifest = format!(
            "[package]\nname = \"fixture\"\n\n[package.metadata.kiln]\nwatcher-port = {port}\n\
             private = [\"secret/**\"]\n"
        );
        for (name, content) in [("Cargo.toml", manifest.as_str())].iter().chain(files) {
            write(&root.join(name), content);
        }
        let mut watch = Watch::start(
            root,
            folder.path().join("target/debug/build/fixture/out"),
            kiln_pipeline::supervise(),
        )
        .expect("a watch");
        let (sender, rounds) = mpsc::channel();
        sender.send((Burst::default(), watch.first())).expect("a receiver");
        thread::spawn(move || {
            while let Ok(next) = watch.wait() {
                if sender.send(next).is_err() {
                    return;
                }
            }
        });
        let project = Self { folder, rounds, port };
        let (_, first) = project.rounds.recv().expect("the first build");
        assert!(first.failure.is_none(), "{:?}", first.failure);
        project
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join("package").join(name)
    }

    pub(crate) fn write(&self, name: &str, content: &str) {
        write(&self.path(name), content);
    }

    /// The next burst with something to report.
    pub(crate) fn next(&self) -> (Burst, Round) {
        loop {
            let (burst, round) = self.rounds.recv_timeout(PATIENCE).expect("a change is reported");
            let reports = !burst.server.is_empty()
                || !round.changed.is_empty()
                || round.is_fixed
                || round.failure.is_some();
            if reports {
                return (burst, round);
            }
        }
    }

    /// The names of the assets that the next rebuild changed.
    pub(crate) fn changed(&self) -> Vec<String> {
        let (_, round) = self.next();
        assert!(round.failure.is_none(), "{:?}", round.failure);
        round.changed.iter().map(ToString::to_string).collect()
    }

    /// Changes another file, and asserts that its report is the next one.
    pub(crate) fn expect_nothing_more(&self) {
        self.write("assets/robots.txt", &format!("# {}\n", next_number()));
        assert_eq!(self.changed(), ["robots.txt"]);
    }
}

/// A number unique in the process.
fn next_number() -> usize {
    use std::sync::atomic::{AtomicUsize, Ordering};
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    COUNT.fetch_add(1, Ordering::SeqCst)
}

fn write(path: &Path, content: &str) {
    fs::create_dir_all(path.parent().expect("parent")).expect("folder");
    fs::write(path, content).expect("write");
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address").port()
}
