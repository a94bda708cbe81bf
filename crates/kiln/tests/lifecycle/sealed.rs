//! A sealed process: its needs, and a kernel without Landlock.

use std::{
    collections::BTreeMap,
    fs,
    io::ErrorKind,
    net::{TcpListener, TcpStream, UdpSocket},
    path::PathBuf,
};

use kiln::{
    Error, Exit,
    launch::ProcessOptions,
    migrate::{self, Goal, Target},
    seal::{Needs, SealMode},
};
use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use crate::{
    harness::SECOND,
    migrate::{NOTES, TAGS, migrations, postgres},
    process::Process,
};

const FOLDER: &str = "KILN_TEST_FOLDER";
const DATABASE: &str = "KILN_TEST_DATABASE";

/// Roles of child processes.
pub(crate) fn play(role: &str) -> Exit {
    // The test harness has a thread of its own, so that no seal is complete.
    let sealed = |seal, needs| ProcessOptions {
        seal,
        needs,
        log: "info".parse().expect("a filter"),
        ..ProcessOptions::default()
    };
    match role {
        "named" => named(|needs| sealed(SealMode::BestEffort, needs)),
        "migrating" => {
            let target: Target = env(DATABASE).parse().expect("a URL");
            kiln::launch(&sealed(SealMode::BestEffort, target.needs()), async |_| {
                let migrations = migrations(&[NOTES, TAGS]);
                let applied = migrate::apply(&migrations, &target, Goal::Newest, SECOND).await?;
                migrate::check(&migrations, &target, "app migrate").await?;
                tracing::info!("applied {}", applied.len());
                Ok(())
            })
        }
        _ => {
            disable_landlock();
            kiln::launch(&sealed(SealMode::Enforce, Needs::new()), async |_| Ok(()))
        }
    }
}

fn env(name: &str) -> String {
    std::env::var(name).expect("the test sets it")
}

/// Uses the named files and ports, and is refused all others.
fn named(sealed: impl Fn(Needs) -> ProcessOptions) -> Exit {
    let folder = PathBuf::from(env(FOLDER));
    let (open, hidden) = (folder.join("tls.pem"), folder.join("other.pem"));
    let (writable, elsewhere) = (folder.join("writable"), folder.join("elsewhere"));
    let named = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let there = TcpListener::bind("127.0.0.1:0").expect("a port");
    let (there, unnamed) = (there.local_addr().expect("an address"), there);
    let resolver = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let needs = Needs::new().read(&open).write(&writable).listen(named.port());
    kiln::launch(&sealed(needs), async |_| {
        let denied = |outcome: std::io::Result<()>| {
            outcome.is_err_and(|error| error.kind() == ErrorKind::PermissionDenied)
        };
        let zone = PathBuf::from("/usr/share/zoneinfo/UTC");
        let asked = UdpSocket::bind("127.0.0.1:0")
            .and_then(|socket| socket.send_to(b"who?", resolver.local_addr()?).map(drop));
        let held = [
            ("a named file is read", fs::read(&open).is_ok()),
            ("the one beside it is not", denied(fs::read(&hidden).map(drop))),
            ("the time zones are read", !zone.exists() || fs::read(&zone).is_ok()),
            ("a file is written in a named folder", fs::write(writable.join("a"), "a").is_ok()),
            ("and removed", fs::remove_file(writable.join("a")).is_ok()),
            (
                "a socket is not made there",
                denied(std::os::unix::net::UnixListener::bind(writable.join("s")).map(drop)),
            ),
            ("nothing is written elsewhere", denied(fs::write(elsewhere.join("a"), "a"))),
            ("nor moved there", fs::rename(&hidden, writable.join("b")).is_err()),
            ("a named port is bound", TcpListener::bind(named).is_ok()),
            ("another is not", denied(TcpListener::bind("127.0.0.1:0").map(drop))),
            ("nor connected to", denied(TcpStream::connect(there).map(drop))),
            ("a resolver is asked", asked.is_ok()),
        ];
        drop(unnamed);
        match held.iter().find(|(_, holds)| !holds) {
            Some((what, _)) => Err(Error::Usage(format!("this does not hold: {what}").into())),
            None => Ok(()),
        }
    })
}

/// Makes the system calls of Landlock fail as on a kernel without it.
fn disable_landlock() {
    let calls = [libc::SYS_landlock_create_ruleset, libc::SYS_landlock_restrict_self];
    let rules: BTreeMap<_, _> = calls.map(|number| (number, Vec::new())).into();
    let unknown = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    let arch = TargetArch::try_from(std::env::consts::ARCH).expect("a filter exists for this machine");
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, unknown, arch).expect("valid rules");
    let program: BpfProgram = filter.try_into().expect("it compiles");
    seccompiler::apply_filter(&program).expect("the kernel takes it");
}

#[test]
fn a_sealed_process_can_use_its_needs_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    for file in ["tls.pem", "other.pem"] {
        fs::write(folder.path().join(file), "secret").expect("a file");
    }
    for inner in ["writable", "elsewhere"] {
        fs::create_dir(folder.path().join(inner)).expect("a folder");
    }
    let path = folder.path().display().to_string();
    let (code, log) = Process::start_with("named", &[(FOLDER, &path)]).ended();
    assert_eq!(code, Some(0), "{log}");
}

#[test]
fn an_enforced_seal_without_landlock_fails_the_start() {
    let (code, log) = Process::start("unlandlocked").ended();
    assert_eq!(code, Some(3), "{log}");
    assert!(log.contains("this kernel has no Landlock; it needs Linux 5.13 or newer"), "{log}");
}

#[test]
fn a_sealed_process_migrates_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("sqlite://{}?mode=rwc", folder.path().join("a.db").display());
    let (code, log) = Process::start_with("migrating", &[(DATABASE, &url)]).ended();
    assert_eq!(code, Some(0), "{log}");
    assert!(log.contains("applied 2"), "{log}");
}

#[tokio::test]
async fn a_sealed_process_reaches_postgres_by_name_and_port_and_by_its_socket() {
    let Some(server) = postgres::server() else { return };
    for (url, applied) in [(server.tcp_url_of("postgres"), "applied 2"), (server.url(), "applied 0")] {
        let (code, log) = Process::start_with("migrating", &[(DATABASE, &url)]).ended();
        assert_eq!(code, Some(0), "{url}: {log}");
        assert!(log.contains(applied), "{url}: {log}");
    }
}
