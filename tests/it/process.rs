//! The executable as a process: output, stop and exit codes.

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

use reqwest::Client;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::{TempDir, tempdir};
use tokio::{sync::Notify, task::JoinSet};
use whatsit::{
    settings::{Database, Pool},
    store::Store,
};

/// The command of the executable, in `folder`, sealed, with no environment but `LISTEN`.
pub(crate) fn whatsit(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_whatsit"));
    command.args(arguments).current_dir(folder).env_clear();
    command.env("LISTEN", "127.0.0.1:0").env("SEAL", "enforce");
    command
}

pub(crate) fn output(folder: &Path, arguments: &[&str]) -> Output {
    output_of(&mut whatsit(folder, arguments))
}

pub(crate) fn output_of(command: &mut Command) -> Output {
    command.output().expect("the executable runs")
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A serving process, killed at the latest when the test ends.
pub(crate) struct Serving {
    child: Child,
    pub(crate) origin: String,
    log: mpsc::Receiver<String>,
}

impl Serving {
    /// Starts the process, and waits for the line with its address.
    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the executable runs");
        let (send, log) = mpsc::channel();
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| send.send(line)));
        let mut seen = Vec::new();
        let origin = loop {
            let line = log.recv().unwrap_or_else(|_| panic!("it ended without serving: {seen:#?}"));
            if let Some((_, rest)) = line.split_once("serving at ") {
                break rest.split_whitespace().next().expect("an address").to_owned();
            }
            seen.push(line);
        };
        Self { child, origin, log }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.origin.strip_prefix("http://").and_then(|address| address.parse().ok()).expect("an address")
    }

    /// The word after `text` in the log.
    pub(crate) fn logged(&self, text: &str) -> String {
        let lines = self.log.iter();
        let mut found = lines.filter_map(|line| Some(line.split_once(text)?.1.to_owned()));
        let rest = found.next().unwrap_or_else(|| panic!("the log ended without {text:?}"));
        rest.split_whitespace().next().expect("a word").to_owned()
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = Pid::from_raw(self.child.id().try_into().expect("a process id")).expect("a process id");
        kill_process(id, signal).expect("the process lives");
    }

    /// The exit code, when the process has ended by itself.
    pub(crate) fn wait(mut self) -> (Option<i32>, String) {
        let status = self.child.wait().expect("the process is ours");
        (status.code(), self.log.iter().collect::<Vec<_>>().join("\n"))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn folder() -> TempDir {
    tempdir().expect("a folder")
}

#[test]
fn pending_migrations_fail_the_start() {
    let folder = folder();
    let refused = output(folder.path(), &["serve"]);
    assert_eq!(refused.status.code(), Some(5), "{}", text(&refused.stderr));
    assert!(text(&refused.stderr).contains("run `whatsit migrate`"), "{}", text(&refused.stderr));
    assert!(!folder.path().join("whatsit.db").exists(), "start-up does not write");

    let applied = output(folder.path(), &["migrate"]);
    assert_eq!(applied.status.code(), Some(0), "{}", text(&applied.stderr));
    assert_eq!(text(&applied.stdout), "applied 0001 identifications\n");

    let serving = Serving::spawn(whatsit(folder.path(), &["serve"]));
    serving.signal(Signal::TERM);
    let (code, log) = serving.wait();
    assert_eq!(code, Some(0), "{log}");
}

#[tokio::test]
async fn without_arguments_the_executable_migrates_and_then_serves() {
    let folder = folder();
    let mut serving = Serving::spawn(whatsit(folder.path(), &[]));
    let body = include_bytes!("../corpus/files/service.toml").as_slice();
    let answer = Client::new().post(format!("{}/api/identify", serving.origin)).body(body).send().await;
    let verdict: Value = answer.expect("an answer").json().await.expect("JSON");
    assert_eq!(verdict["label"], "toml");
    let stdout = serving.child.stdout.take().expect("a pipe");
    serving.signal(Signal::INT);
    let (code, log) = serving.wait();
    assert_eq!(code, Some(0), "{log}");
    let lines: Vec<_> = BufReader::new(stdout).lines().map_while(Result::ok).collect();
    assert_eq!(lines, ["applied 0001 identifications"], "the first step is visible");
}

#[tokio::test]
async fn a_stop_under_load_fails_no_request_and_loses_no_verdict() {
    const ENOUGH: usize = 60;
    let folder = folder();
    let serving = Serving::spawn(whatsit(folder.path(), &[]));
    let load = Arc::new(Load::default());
    let mut clients = JoinSet::new();
    for client in 0..8 {
        clients.spawn(Arc::clone(&load).send(client, serving.origin.clone(), ENOUGH));
    }
    load.enough.notified().await;
    serving.signal(Signal::TERM);
    let answered: Vec<Value> = clients.join_all().await.into_iter().flatten().collect();
    let (code, log) = tokio::task::spawn_blocking(|| serving.wait()).await.expect("the process ends");
    assert_eq!(code, Some(0), "{log}");
    assert!(answered.len() >= ENOUGH, "{} requests were answered", answered.len());

    // SQLite removes its write-ahead log when the last connection is closed in order, and then alone.
    assert!(!folder.path().join("whatsit.db-wal").exists(), "the database was not closed");
    let url = format!("sqlite://{}", folder.path().join("whatsit.db").display());
    let database: Database = url.parse().expect("a URL");
    let store = Store::open(&database, Pool::default()).await.expect("the database opens again");
    for verdict in answered {
        let id = verdict["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let stored = store.get(id).await.expect("a read").unwrap_or_else(|| panic!("{verdict} was lost"));
        assert_eq!(serde_json::json!(stored), verdict);
    }
    store.close().await;
}

/// Clients that upload new content without a pause until the port is closed.
#[derive(Default)]
struct Load {
    answers: AtomicUsize,
    enough: Notify,
}

impl Load {
    async fn send(self: Arc<Self>, client: usize, origin: String, enough: usize) -> Vec<Value> {
        let http = Client::new();
        let mut verdicts = Vec::new();
        loop {
            let body = format!("fn main() {{ println!(\"{client} {}\"); }}\n", verdicts.len());
            let answer = match http.post(format!("{origin}/api/identify")).body(body).send().await {
                // The port is closed: the request was never accepted.
                Err(error) if error.is_connect() => return verdicts,
                answer => answer.expect("a request that was accepted is answered"),
            };
            assert_eq!(answer.status().as_u16(), 200);
            verdicts.push(answer.json().await.expect("a whole answer"));
            if self.answers.fetch_add(1, Ordering::Relaxed) + 1 == enough {
                self.enough.notify_one();
            }
        }
    }
}

#[test]
fn results_go_to_standard_output() {
    let folder = folder();
    let version = output(folder.path(), &["version"]);
    assert_eq!(text(&version.stdout), format!("whatsit {}\n", env!("CARGO_PKG_VERSION")));
    let help = output(folder.path(), &["--help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(text(&help.stdout).contains("--max-upload"), "{}", text(&help.stdout));
    let status = output(folder.path(), &["migrate", "status"]);
    assert!(text(&status.stdout).starts_with("0001  pending"), "{}", text(&status.stdout));
    let verified = output(folder.path(), &["assets", "verify"]);
    assert_eq!(verified.status.code(), Some(0), "{}", text(&verified.stdout));
}

#[test]
fn a_probe_of_a_closed_port_fails() {
    let probe = output(folder().path(), &["probe", "http://127.0.0.1:1/readyz"]);
    assert_eq!(probe.status.code(), Some(3));
    assert!(text(&probe.stderr).contains("no response from"), "{}", text(&probe.stderr));
}

#[test]
fn the_sources_of_the_executable_are_those_of_this_tree() {
    let folder = tempdir().expect("a folder");
    let tree = env!("CARGO_MANIFEST_DIR");
    let verified = output(folder.path(), &["assets", "verify", "--source", tree]);
    assert!(verified.status.success(), "{}{}", text(&verified.stdout), text(&verified.stderr));
    let elsewhere = output(folder.path(), &["assets", "verify", "--source", "."]);
    assert_eq!(elsewhere.status.code(), Some(3), "{}", text(&elsewhere.stderr));
}

#[test]
fn the_build_records_the_checksums_that_migrate_writes() {
    let assets = kiln::assets::Assets::load::<whatsit::assets::Embedded>().expect("assets");
    let manifest = assets.manifest();
    for migration in whatsit::migrations::load().expect("migrations").iter() {
        let name = format!("migrations/{:04}_{}.sql", migration.version(), migration.name());
        let source = manifest.sources.iter().find(|source| source.path.as_str() == name).expect(&name);
        assert_eq!(source.digest.to_string(), migration.checksum(kiln::migrate::Engine::Sqlite), "{name}");
    }
}
