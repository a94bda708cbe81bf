//! Sources of settings, and errors of bad ones.

use std::{fs, path::Path};

use crate::process::{folder, output, output_of, text, whatsit};

/// The lines of `whatsit settings`, as words.
fn in_force(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Vec<Vec<String>> {
    let mut arguments = arguments.to_vec();
    arguments.insert(0, "settings");
    let shown = output_of(whatsit(folder, &arguments).envs(environment.iter().copied()));
    assert_eq!(shown.status.code(), Some(0), "{}", text(&shown.stderr));
    let shown = text(&shown.stdout);
    shown.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

fn line<'a>(lines: &'a [Vec<String>], name: &str) -> Vec<&'a str> {
    let found = lines.iter().find(|line| line[0] == name).unwrap_or_else(|| panic!("{name} is not shown"));
    found[1..].iter().map(String::as_str).collect()
}

#[test]
fn a_flag_overrides_the_environment_which_overrides_the_file() {
    let folder = folder();
    let file = "# Ours.\nmax-upload = \"1MiB\"\nmax-waiting = 7\ndrain-pause = \"1s\"\n";
    fs::write(folder.path().join("whatsit.toml"), file).expect("a file");
    let environment = [("MAX_WAITING", "8"), ("DRAIN_PAUSE", "2s")];
    let lines = in_force(folder.path(), &["--config=whatsit.toml", "--drain-pause=3s"], &environment);
    assert_eq!(line(&lines, "max-upload"), ["1MiB", "whatsit.toml:2"]);
    assert_eq!(line(&lines, "max-waiting"), ["8", "environment", "variable", "MAX_WAITING"]);
    assert_eq!(line(&lines, "drain-pause"), ["3s", "flag"]);
    assert_eq!(line(&lines, "drain-deadline"), ["30s", "default"]);
    assert_eq!(line(&lines, "port"), ["-", "default"]);

    // A file named by the environment is in force, not only shown.
    fs::write(folder.path().join("whatsit.toml"), "database-url = \"sqlite://other.db\"\n").expect("a file");
    let migrated = output_of(whatsit(folder.path(), &["migrate"]).env("CONFIG", "whatsit.toml"));
    assert_eq!(migrated.status.code(), Some(0), "{}", text(&migrated.stderr));
    assert!(folder.path().join("other.db").exists());
}

#[test]
fn a_password_is_never_shown() {
    let folder = folder();
    let lines = in_force(folder.path(), &["--database-url=postgres://ann:secret@host/db"], &[]);
    assert_eq!(line(&lines, "database-url"), ["postgres://ann:***@host/db", "flag"]);
}

#[test]
fn a_bad_line_of_the_file_is_reported_with_its_place() {
    let folder = folder();
    for (file, place, expected) in [
        ("# x\nlisten = \"nowhere\"\n", "bad.toml:2", "--listen"),
        ("seal = \"off\"\nmax-uplaod = \"1MiB\"\n", "bad.toml:2", "max-uplaod"),
        ("max-waiting = [1]\n", "bad.toml:1", "max-waiting"),
        ("seal = \"off\"\n\nlisten\n", "bad.toml:3", "expected"),
        ("database-url = \"mysql://ann:secret@h/d\"\n", "bad.toml:1", "--database-url"),
    ] {
        fs::write(folder.path().join("bad.toml"), file).expect("a file");
        let refused = output(folder.path(), &["serve", "--config", "bad.toml"]);
        let message = text(&refused.stderr);
        assert_eq!(refused.status.code(), Some(2), "{message}");
        assert!(message.contains(place) && message.contains(expected), "{message}");
        assert!(!message.contains("secret"), "{message}");
    }
    let refused = output(folder.path(), &["serve", "--config=missing.toml"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("missing.toml"), "{}", text(&refused.stderr));
}

#[test]
fn migrate_takes_the_settings_of_the_process() {
    let folder = folder();
    let migrated = output(folder.path(), &["migrate", "--log=warn", "--seal=off"]);
    assert_eq!((migrated.status.code(), text(&migrated.stderr).as_str()), (Some(0), ""));
    let shown =
        output(folder.path(), &["migrate", "--log-format=json", "--database-url=sqlite://b.db", "status"]);
    assert!(text(&shown.stdout).starts_with("0001  pending"), "{}", text(&shown.stdout));
    assert!(text(&shown.stderr).starts_with('{'), "{}", text(&shown.stderr));
}

#[test]
fn a_bad_setting_is_reported_with_its_source() {
    let folder = folder();
    for (flag, variable, value) in [
        ("--listen", "LISTEN", "nowhere"),
        ("--max-upload", "MAX_UPLOAD", "64MB"),
        ("--database-url", "DATABASE_URL", "mysql://host/db"),
        ("--predictions", "PREDICTIONS", "0"),
        ("--seal", "SEAL", "maybe"),
    ] {
        let given = output(folder.path(), &["serve", flag, value]);
        let message = text(&given.stderr);
        assert_eq!(given.status.code(), Some(2), "{message}");
        assert!(message.contains(flag) && !message.contains(variable), "{message}");

        let inherited = whatsit(folder.path(), &["serve"]).env(variable, value).output().expect("it runs");
        let message = text(&inherited.stderr);
        assert_eq!(inherited.status.code(), Some(2), "{message}");
        assert!(message.contains(flag) && message.contains(variable), "{message}");
    }
    assert_eq!(output(folder.path(), &["--no-such-flag"]).status.code(), Some(2));
}

#[test]
fn a_password_in_a_bad_setting_is_not_printed() {
    let refused = output(folder().path(), &["serve", "--database-url", "mysql://ann:secret@host/db"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(!text(&refused.stderr).contains("secret"), "{}", text(&refused.stderr));
}
