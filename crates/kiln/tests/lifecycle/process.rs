//! Whole processes: the seal, signals, and exit codes.
//!
//! A test starts this executable again, on [`child`] alone, with a role.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, ChildStderr, Command, Stdio},
    time::Duration,
};

use actix_web::web;
use kiln::{
    Error, Exit, Lifespan, Options, Server, StartUpError, launch::ProcessOptions, migrate::MigrateError,
    observe::LogFormat, seal::SealMode,
};

use crate::{client::Client, harness::SECOND};

const ROLE: &str = "KILN_TEST_ROLE";

/// Not a test: the entry point of the child processes.
#[test]
#[ignore = "runs only when another test starts it"]
fn child() {
    if let Ok(role) = std::env::var(ROLE) {
        std::process::exit(play(&role).code().into());
    }
}

fn play(role: &str) -> Exit {
    let log = if role == "verbose" { "info,kiln::request=debug" } else { "info" };
    let options = || Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        admin: (role == "observed").then(|| SocketAddr::from(([127, 0, 0, 1], 0))),
        process: ProcessOptions {
            log: log.parse().expect("a filter"),
            log_format: LogFormat::Json,
            ..ProcessOptions::default()
        },
        ..Options::default()
    };
    let serve = |start: fn(&str) -> Result<(), StartUpError>, close: fn() -> Result<(), std::io::Error>| {
        let role = role.to_owned();
        Server::from(options())
            .start(async move |lifespan| open(lifespan, &role, start, close).await)
            .routes(|(), config| routes(config))
            .run()
    };
    match role {
        "sealed" => kiln::launch(
            &ProcessOptions { seal: SealMode::BestEffort, ..ProcessOptions::default() },
            async |_| try_to_spawn(),
        ),
        #[cfg(target_os = "linux")]
        "named" | "migrating" | "unlandlocked" => crate::sealed::play(role),
        "unclosed" => serve(|_| Ok(()), || Err(std::io::Error::other("stuck"))),
        "schema" => serve(
            |_| Err(StartUpError::Schema(MigrateError::Newer { version: 9, name: "later".to_owned() })),
            || Ok(()),
        ),
        "unready" => Server::from(options())
            .before(async { Err(Error::Usage("the step before the start failed".into())) })
            .start(async |lifespan| open(lifespan, "serving", |_| Ok(()), || Ok(())).await)
            .run(),
        "unusable" => {
            kiln::launch(&ProcessOptions::default(), async |_| Err(Error::Usage("no such flag".into())))
        }
        #[cfg(feature = "tls")]
        crate::tls::reload::ROLE => crate::tls::reload::play(),
        role if role.starts_with(crate::table::ROLE) => crate::table::play(role),
        _ => serve(|_| Ok(()), || Ok(())),
    }
}

async fn open(
    lifespan: &mut Lifespan,
    role: &str,
    start: fn(&str) -> Result<(), StartUpError>,
    close: fn() -> Result<(), std::io::Error>,
) -> Result<(), StartUpError> {
    let ready = std::future::ready(Ok::<_, std::io::Error>(()));
    lifespan.open("first", ready).on_close(move |()| std::future::ready(close())).await?;
    start(role)?;
    let second = async {
        match role {
            "broken" => Err(std::io::Error::other("no such host")),
            "hanging" => {
                tracing::info!("hanging");
                std::future::pending().await
            }
            _ => Ok(()),
        }
    };
    lifespan.open("second", second).deadline(60 * SECOND).await?;
    if role == "mortal" {
        lifespan.spawn_required("mortal", SECOND, async |_| ());
    }
    Ok(())
}

fn routes(config: &mut web::ServiceConfig) {
    config.route("/spawn", web::get().to(async || format!("{:?}", spawn().err().map(|error| error.kind()))));
    config
        .route("/broken", web::get().to(async || actix_web::HttpResponse::InternalServerError().body("no")));
    config.route("/slow", web::get().to(async || std::future::pending::<&str>().await));
}

fn spawn() -> std::io::Result<()> {
    Command::new("/bin/true").spawn()?.wait().map(drop)
}

fn try_to_spawn() -> Result<(), Error> {
    match spawn() {
        Err(error) if error.raw_os_error() == Some(EPERM) => Ok(()),
        outcome => Err(Error::Usage(format!("spawning ended in {outcome:?}").into())),
    }
}

/// `EPERM`, equal on every Linux architecture.
const EPERM: i32 = 1;

pub(crate) struct Process {
    child: Child,
    log: BufReader<ChildStderr>,
}

impl Process {
    pub(crate) fn start(role: &str) -> Self {
        Self::start_with(role, &[])
    }

    /// Starts the process with additional environment variables.
    pub(crate) fn start_with(role: &str, environment: &[(&str, &str)]) -> Self {
        let executable = std::env::current_exe().expect("this executable");
        let mut child = Command::new(executable)
            .args(["--exact", "process::child", "--ignored", "--nocapture"])
            .env(ROLE, role)
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("a process");
        let log = BufReader::new(child.stderr.take().expect("piped"));
        Self { child, log }
    }

    /// The log up to a line with `text`.
    pub(crate) fn logged_up_to(&mut self, text: &str) -> String {
        let mut all = String::new();
        loop {
            let mut line = String::new();
            let length = self.log.read_line(&mut line).expect("text");
            all.push_str(&line);
            assert!(length > 0, "the process ended without {text:?}:\n{all}");
            if line.contains(text) {
                return all;
            }
        }
    }

    /// The next line of the log with `text`.
    fn logged(&mut self, text: &str) -> String {
        let all = self.logged_up_to(text);
        all.lines().last().unwrap_or_default().to_owned()
    }

    pub(crate) fn address(&mut self) -> SocketAddr {
        self.address_after("serving at")
    }

    /// The address in the next line of the log with `text`.
    fn address_after(&mut self, text: &str) -> SocketAddr {
        let line = self.logged(text);
        let event: serde_json::Value = serde_json::from_str(&line).expect("a JSON line");
        event["address"].as_str().expect("an address").parse().expect("an address")
    }

    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{name}"), &id]).status().expect("kill runs");
        assert!(sent.success());
    }

    pub(crate) fn ended(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).expect("text");
        (self.child.wait().expect("it ends").code(), rest)
    }
}

/// A failed test leaves no process behind.
impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_sealed_process_cannot_spawn_and_readyz_reports_the_seal() {
    let (code, log) = Process::start("sealed").ended();
    assert_eq!(code, Some(0), "{log}");

    let mut process = Process::start("observed");
    let mut client = Client::connect(process.address()).expect("it listens");
    assert_eq!(client.get("/spawn").expect("an answer").body, "Some(PermissionDenied)");
    let mut operator = Client::connect(process.address_after(" at http://")).expect("it listens");
    let health: serde_json::Value =
        serde_json::from_str(&operator.get("/readyz").expect("an answer").body).expect("JSON");
    assert_eq!(health["phase"], "ready");
    assert_eq!(health["seal"]["system_calls"], "in-force");
    assert_eq!(health["seal"]["no_new_privs"], "in-force");
    // The test harness has a thread of its own, which started before the seal.
    let reason = health["seal"]["files"]["unavailable"].as_str().expect("a reason");
    assert!(reason.contains("started before the seal"), "{reason}");
    assert!(health["seal"]["refused"].as_array().expect("a list").contains(&"execve".into()));
    process.signal("TERM");
    assert_eq!(process.ended().0, Some(0));
}

#[test]
fn a_signal_while_serving_ends_in_a_clean_exit() {
    for signal in ["TERM", "INT"] {
        let mut process = Process::start("serving");
        process.address();
        process.signal(signal);
        let (code, log) = process.ended();
        assert_eq!(code, Some(0), "{log}");
        let closed: Vec<&str> = log.lines().filter(|line| line.contains(r#""message":"closed""#)).collect();
        assert_eq!(closed.len(), 2, "{log}");
        assert!(closed[0].contains("second") && closed[1].contains("first"), "{log}");
    }
}

#[test]
fn a_second_signal_ends_the_wait_for_a_request_that_never_ends() {
    let mut process = Process::start("serving");
    let address = process.address();
    let mut client = Client::connect(address).expect("it listens");
    client.send("/slow").expect("sent");
    Client::connect(address).expect("it listens").get("/livez").expect("an answer");
    process.signal("TERM");
    process.logged("draining");
    process.signal("TERM");
    let (code, log) = process.ended();
    assert_eq!(code, Some(0), "{log}");
}

#[test]
fn every_outcome_has_its_exit_code() {
    let signalled = |mut process: Process, line: &str| {
        process.logged(line);
        process.signal("TERM");
        process.ended()
    };
    let outcomes = [
        ("unusable", Process::start("unusable").ended(), 2, "no such flag"),
        ("unready", Process::start("unready").ended(), 2, "the step before the start failed"),
        ("broken", Process::start("broken").ended(), 3, "no such host"),
        ("hanging", signalled(Process::start("hanging"), "hanging"), 0, "cancelled by a request to stop"),
        ("unclosed", signalled(Process::start("unclosed"), "serving at"), 4, "stuck"),
        ("schema", Process::start("schema").ended(), 5, "newer release"),
        ("mortal", Process::start("mortal").ended(), 6, "mortal"),
    ];
    for (role, (code, log), expected, reason) in outcomes {
        assert_eq!(code, Some(expected), "{role}: {log}");
        assert!(log.contains(reason), "{role}: {log}");
        assert!(role != "unready" || !log.contains(r#""message":"open""#), "no resource opens: {log}");
    }
}

#[test]
fn requests_are_logged_when_configured_and_server_errors_always() {
    let field = |line: &str, name: &str| {
        let event: serde_json::Value = serde_json::from_str(line).expect("a JSON line");
        event[name].clone()
    };
    for (role, first_seen) in [("verbose", "/livez"), ("serving", "/broken")] {
        let mut process = Process::start(role);
        let mut client = Client::connect(process.address()).expect("it listens");
        let body = client.get("/livez").expect("an answer").body;
        client.get("/broken").expect("an answer");
        let line = process.logged("kiln::request");
        assert_eq!(field(&line, "path"), first_seen, "{role}");
        assert_eq!((field(&line, "method"), field(&line, "route")), ("GET".into(), first_seen.into()));
        let (status, bytes) = if role == "verbose" { (200, body.len()) } else { (500, 2) };
        assert_eq!((field(&line, "status"), field(&line, "bytes")), (status.into(), bytes.into()));
        process.signal("TERM");
        assert_eq!(process.ended().0, Some(0));
    }
}

#[test]
fn a_probe_succeeds_only_when_ready() {
    let mut process = Process::start("serving");
    let address = process.address();
    let body = kiln::cli::probe(&format!("http://{address}/readyz"), 5 * SECOND).expect("it is ready");
    assert!(body.contains(r#""phase":"ready""#), "{body}");
    let missing = kiln::cli::probe(&format!("http://{address}/nothing"), 5 * SECOND);
    assert!(matches!(missing, Err(kiln::cli::ProbeError::NotReady { status: 404, .. })), "{missing:?}");
    process.signal("TERM");
    assert_eq!(process.ended().0, Some(0));
    let gone = kiln::cli::probe(&format!("http://{address}/readyz"), Duration::from_secs(1));
    assert!(matches!(gone, Err(kiln::cli::ProbeError::Unreachable { .. })), "{gone:?}");
}
