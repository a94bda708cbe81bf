//! A rolling upgrade on one host: a successor takes over under 200 requests a second, and no request fails.
//!
//! `HANDOVER_RUNS` sets the number of runs; `benches/handover/run` sets 20.

use std::{
    net::{SocketAddr, TcpListener},
    os::{fd::OwnedFd, unix::net::UnixDatagram},
    path::Path,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rustix::process::Signal;

use crate::{
    client::{Client, Connection},
    process::{Serving, folder, output, whatsit},
};

/// Twenty clients with a request each tenth of a second: 200 a second. Half of them reuse their connection.
const CLIENTS: usize = 20;
const PACE: Duration = Duration::from_millis(100);

struct Load {
    address: SocketAddr,
    stop: AtomicBool,
    answered: AtomicUsize,
}

impl Load {
    fn begin(address: SocketAddr) -> (Arc<Self>, Vec<JoinHandle<Vec<String>>>) {
        let load = Arc::new(Self { address, stop: AtomicBool::new(false), answered: AtomicUsize::new(0) });
        let clients = (0..CLIENTS).map(|number| {
            let load = Arc::clone(&load);
            thread::spawn(move || load.send(number))
        });
        let clients = clients.collect();
        (load, clients)
    }

    /// Failed requests of a client. A connection that the server closes after `Connection: close` is no failure.
    fn send(&self, number: usize) -> Vec<String> {
        let (mut failures, mut open) = (Vec::new(), None);
        let mut due = Instant::now() + PACE * u32::try_from(number).expect("few") / 20;
        while !self.stop.load(Relaxed) {
            thread::sleep(due.saturating_duration_since(Instant::now()));
            due += PACE;
            let client = open.take().map_or_else(|| Client::connect(self.address), Ok);
            let answer = client.and_then(|mut client| Ok((client.get("/api/stats")?, client)));
            match answer {
                Ok((answer, client)) if answer.status == 200 => {
                    self.answered.fetch_add(1, Relaxed);
                    let keeps = answer.connection == Connection::Keep && number.is_multiple_of(2);
                    open = keeps.then_some(client);
                }
                Ok((answer, _)) => failures.push(answer.status.to_string()),
                Err(error) => failures.push(error.to_string()),
            }
        }
        failures
    }

    /// Waits until `more` further requests have been answered.
    fn wait_for(&self, more: usize) {
        let enough = self.answered.load(Relaxed) + more;
        while self.answered.load(Relaxed) < enough {
            thread::yield_now();
            thread::sleep(PACE / 20);
        }
    }
}

/// Starts the second process under load, stops the first, and asserts that no request failed.
fn hand_over(first: Serving, second: impl FnOnce(SocketAddr) -> Command) {
    let address = first.address();
    let (load, clients) = Load::begin(address);
    load.wait_for(60);
    let second = Serving::spawn(second(address));
    load.wait_for(40);
    first.signal(Signal::TERM);
    let (code, log) = first.wait();
    assert_eq!(code, Some(0), "{log}");
    load.wait_for(60);
    load.stop.store(true, Relaxed);
    let failures: Vec<String> =
        clients.into_iter().flat_map(|client| client.join().expect("no client panics")).collect();
    second.signal(Signal::TERM);
    let (code, log) = second.wait();
    assert_eq!(code, Some(0), "{log}");
    let answered = load.answered.load(Relaxed);
    assert!(failures.is_empty(), "{} failed besides {answered}: {failures:?}", failures.len());
}

fn runs() -> usize {
    std::env::var("HANDOVER_RUNS").map_or(2, |runs| runs.parse().expect("a number"))
}

fn migrated() -> tempfile::TempDir {
    let folder = folder();
    assert_eq!(output(folder.path(), &["migrate"]).status.code(), Some(0));
    folder
}

/// The command as systemd runs it: with the socket as its third descriptor.
fn activated(folder: &Path, listener: &TcpListener) -> Command {
    let script = r#"export LISTEN_PID=$$ LISTEN_FDS=1; exec "$0" serve 3<&0 </dev/null"#;
    let mut command = Command::new("/bin/sh");
    let listener = OwnedFd::from(listener.try_clone().expect("another handle"));
    command
        .args(["-c", script, env!("CARGO_BIN_EXE_whatsit")])
        .current_dir(folder)
        .env_clear()
        .env("SEAL", "enforce")
        .stdin(listener);
    command
}

#[test]
fn a_socket_of_systemd_is_handed_over_without_a_failed_request() {
    let folder = migrated();
    for _ in 0..runs() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let first = Serving::spawn(activated(folder.path(), &listener));
        assert_eq!(
            first.address(),
            listener.local_addr().expect("an address"),
            "the socket of the test is served"
        );
        hand_over(first, |_| activated(folder.path(), &listener));
    }
}

#[test]
fn a_port_with_so_reuseport_is_handed_over_without_a_failed_request() {
    let folder = migrated();
    let start = |address: SocketAddr| {
        let address = address.to_string();
        whatsit(folder.path(), &["serve", "--reuse-port", "--listen", &address])
    };
    for _ in 0..runs() {
        let first = Serving::spawn(start("127.0.0.1:0".parse().expect("an address")));
        hand_over(first, start);
    }
}

#[test]
fn clients_wait_while_a_service_with_a_socket_of_systemd_restarts() {
    let folder = migrated();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let first = Serving::spawn(activated(folder.path(), &listener));
    let address = first.address();
    first.signal(Signal::TERM);
    assert_eq!(first.wait().0, Some(0));
    // The kernel queues the connection while no process accepts.
    let mut client = Client::connect(address).expect("the socket is open");
    client.send("/readyz").expect("sent");
    let second = Serving::spawn(activated(folder.path(), &listener));
    assert_eq!(client.receive().expect("an answer").status, 200);
    second.signal(Signal::TERM);
    assert_eq!(second.wait().0, Some(0));
}

#[test]
fn systemd_is_notified_of_readiness_watchdog_and_stop() {
    let folder = migrated();
    let path = folder.path().join("notify");
    let manager = UnixDatagram::bind(&path).expect("a socket");
    manager.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
    let wait_for = |wanted: &str| {
        let mut message = [0; 256];
        let mut received = Vec::new();
        loop {
            let length =
                manager.recv(&mut message).unwrap_or_else(|_| panic!("no {wanted} after {received:?}"));
            let text = String::from_utf8_lossy(&message[..length]).trim().to_owned();
            if text == wanted {
                return;
            }
            received.push(text);
        }
    };
    let mut command = whatsit(folder.path(), &["serve"]);
    command.env("NOTIFY_SOCKET", &path).env("WATCHDOG_USEC", "100000");
    let serving = Serving::spawn(command);
    wait_for("READY=1");
    wait_for("WATCHDOG=1");
    wait_for("WATCHDOG=1");
    serving.signal(Signal::TERM);
    wait_for("STOPPING=1");
    assert_eq!(serving.wait().0, Some(0));
}
