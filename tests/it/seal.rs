//! The table of the seal, as the executable prints it on this kernel.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use reqwest::Client;
use rustix::process::Signal;
use serde_json::Value;

use crate::{
    harness::postgres,
    process::{Serving, folder, output, output_of, text, whatsit},
};

/// Exit code and JSON of `whatsit seal check` with `arguments`.
fn account(arguments: &[&str]) -> (Option<i32>, Value) {
    let folder = folder();
    let mut command = whatsit(folder.path(), &["seal"]);
    let output = command.args(arguments).args(["check", "--json"]).output().expect("the executable runs");
    let account = serde_json::from_slice(&output.stdout);
    (output.status.code(), account.unwrap_or_else(|error| panic!("{error}: {}", text(&output.stderr))))
}

fn acts<'a>(account: &'a Value, expected: &str) -> Vec<&'a Value> {
    let acts = account["acts"].as_array().expect("a list").iter();
    acts.filter(|act| act["expected"] == expected).collect()
}

#[test]
fn every_forbidden_act_is_refused_and_every_needed_one_allowed() {
    for database in ["sqlite://whatsit.db", "postgres://ann@localhost/whatsit"] {
        let (code, account) = account(&["--seal=enforce", "--database-url", database]);
        let kinds = ["allowed", "refused", "unknown"].map(|expected| acts(&account, expected));
        let failed: Vec<_> = kinds.iter().flatten().filter(|act| act["holds"] != true).collect();
        assert!(failed.is_empty(), "{database}: {failed:#?}");
        let [allowed, refused, unknown] = kinds.map(|acts| acts.len());
        assert!(allowed >= 5 && refused >= 110 && unknown >= 3, "{account:#}");
        for call in account["seal"]["refused"].as_array().expect("a list") {
            let act = format!("call {}", call.as_str().expect("a name"));
            let is_tried = acts(&account, "refused").iter().any(|tried| tried["act"] == *act);
            assert!(is_tried, "{act} is not tried");
        }
        assert_eq!(code, Some(0), "{database}");
    }
}

#[test]
fn without_the_seal_forbidden_acts_succeed_and_the_check_fails() {
    let (code, account) = account(&["--seal=off"]);
    assert_eq!(code, Some(3));
    let answer = |name: &str| {
        let acts = acts(&account, "refused");
        let act = acts.iter().find(|act| act["act"] == name).unwrap_or_else(|| panic!("no act {name:?}"));
        act["answer"].clone()
    };
    for act in [
        "write a file elsewhere",
        "connect elsewhere",
        "bind another port",
        "reach an abstract socket",
        "signal another process",
        "read the memory of a process",
        "be traced (ptrace)",
        "start a process",
        #[cfg(target_arch = "x86_64")]
        "call fork",
        #[cfg(target_arch = "x86_64")]
        "call vfork",
        "open a netlink socket",
        "open a Unix socket",
        "listen, once the listeners stand",
    ] {
        assert_eq!(answer(act), "done", "{act}");
    }
    for (act, error) in [
        ("start a program", "ENOENT"),
        ("start a process (clone)", "EINVAL"),
        ("call chmod", "EFAULT"),
        ("make a set-user-ID file", "EFAULT"),
        ("make an open file set-user-ID", "EBADF"),
        ("limit another process", "ESRCH"),
        ("change the priority of another process", "ESRCH"),
        ("type into a terminal (TIOCSTI)", "EBADF"),
    ] {
        assert_eq!(answer(act), error, "{act}: only the arguments are in the way");
    }
}

#[test]
fn a_database_in_a_home_or_beside_the_executable_is_refused_when_enforced_and_warned_of_otherwise() {
    let folder = folder();
    let at_home = |seal: &str| {
        let mut command = whatsit(folder.path(), &["migrate"]);
        output_of(command.env("HOME", folder.path()).env("SEAL", seal))
    };
    let refused = at_home("enforce");
    let message = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(3), "{message}");
    assert!(
        message.contains("would be writable, which is a home folder; keep the database in a folder"),
        "{message}"
    );
    assert!(!folder.path().join("whatsit.db").exists(), "nothing was made");

    let warned = at_home("best-effort");
    let message = text(&warned.stderr);
    assert_eq!(warned.status.code(), Some(0), "{message}");
    assert!(message.contains("WARN") && message.contains("which is a home folder"), "{message}");

    let beside = Path::new(env!("CARGO_BIN_EXE_whatsit")).with_file_name("never-made.db");
    let refused =
        output(folder.path(), &["migrate", "--database-url", &format!("sqlite://{}", beside.display())]);
    let message = text(&refused.stderr);
    assert_eq!(refused.status.code(), Some(3), "{message}");
    assert!(message.contains("which is the folder of the executable"), "{message}");
}

#[tokio::test]
async fn the_files_of_a_new_database_are_for_its_owner_alone() {
    let folder = folder();
    let serving = Serving::spawn(whatsit(folder.path(), &[]));
    uses_everything(&serving.origin).await;
    for file in ["whatsit.db", "whatsit.db-wal", "whatsit.db-shm"] {
        let metadata = fs::metadata(folder.path().join(file)).expect(file);
        assert_eq!(metadata.permissions().mode() & 0o777, 0o600, "{file}");
    }
    serving.signal(Signal::TERM);
    let (code, log) = serving.wait();
    assert_eq!(code, Some(0), "{log}");
}

#[tokio::test]
async fn an_enforced_seal_leaves_postgres_within_reach_by_its_socket_and_by_name_and_port() {
    let Some(server) = tokio::task::spawn_blocking(postgres).await.expect("no panic") else { return };
    for url in [server.url_of("postgres"), server.tcp_url_of("postgres")] {
        let folder = folder();
        let migrated = output(folder.path(), &["migrate", "--database-url", &url]);
        assert_eq!(migrated.status.code(), Some(0), "{url}: {}", text(&migrated.stderr));
        let serving = Serving::spawn(whatsit(folder.path(), &["serve", "--database-url", &url]));
        uses_everything(&serving.origin).await;
        serving.signal(Signal::TERM);
        let (code, log) = serving.wait();
        assert_eq!(code, Some(0), "{url}: {log}");
    }
    tokio::task::spawn_blocking(move || drop(server)).await.expect("no panic");
}

/// Asks for what needs the model and the database.
async fn uses_everything(origin: &str) {
    let http = Client::new();
    let upload = http.post(format!("{origin}/api/identify")).body("fn main() {}\n".repeat(9));
    assert_eq!(upload.send().await.expect("an answer").status(), 200);
    for path in ["/api/identifications", "/api/stats", "/readyz"] {
        assert_eq!(
            http.get(format!("{origin}{path}")).send().await.expect("an answer").status(),
            200,
            "{path}"
        );
    }
}
