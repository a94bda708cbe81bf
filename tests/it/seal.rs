//! The table of the seal, as the executable prints it on this kernel.

use serde_json::Value;

use crate::process::{folder, text, whatsit};

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
        let failed: Vec<_> = acts(&account, "allowed").into_iter().chain(acts(&account, "refused")).collect();
        let failed: Vec<_> = failed.into_iter().filter(|act| act["holds"] != true).collect();
        assert!(failed.is_empty(), "{database}: {failed:#?}");
        assert!(acts(&account, "refused").len() >= 20, "{account:#}");
        assert!(acts(&account, "allowed").len() >= 3, "{account:#}");
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
    ] {
        assert_eq!(answer(act), "done", "{act}");
    }
    assert_eq!(answer("start a program"), "ENOENT", "only the program is missing");
}
