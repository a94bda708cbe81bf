//! The build script with the feature `engine`, and engines that answer it: scripts, since the real one is tested with
//! `cargo-kiln`.
#![cfg(unix)]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Output, Stdio},
};

use tempfile::TempDir;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A folder with engines.
struct Machine(TempDir);

impl Machine {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// A script at `name` in place of an engine.
    fn engine(&self, name: &str, script: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("a script");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("an executable");
        path
    }

    /// The build script, with nothing but this machine's engines in reach.
    fn build_script(&self) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("this test"));
        command
            .args(["--ignored", "--exact", "--nocapture", "the_build_script_of_the_other_tests"])
            .env_remove("KILN_ENGINE")
            .env("CARGO_HOME", self.path("home"))
            .env("HOME", self.path("nobody"))
            .env("PATH", self.path("bin"));
        command
    }

    fn output(&self, engine: &Path) -> Output {
        self.build_script().env("KILN_ENGINE", engine).output().expect("the build script")
    }

    /// The report of a build that fails with this script in place of the engine.
    fn failure(&self, script: &str) -> String {
        let output = self.output(&self.engine("cargo-kiln", script));
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(!stdout(&output).contains("cargo::"), "directives of a failed build: {output:?}");
        String::from_utf8(output.stderr).expect("UTF-8")
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn complete(directives: &str) -> String {
    format!("echo 'kiln-engine {VERSION}'\necho '{directives}'\necho 'kiln-engine has finished'")
}

#[test]
#[ignore = "a process that the other tests start"]
fn the_build_script_of_the_other_tests() -> ExitCode {
    let code = match kiln_build::build_script() {
        Ok(()) => 0,
        Err(failure) => {
            eprint!("{failure}");
            1
        }
    };
    std::process::exit(code);
}

#[test]
fn directives_of_the_engine_are_those_of_the_build_script() {
    let machine = Machine::new();
    let engine = machine.engine("cargo-kiln", &complete("cargo::warning=one"));
    let output = machine.output(&engine);
    assert!(output.status.success(), "{output:?}");
    let stdout = stdout(&output);
    let of_engine = format!("cargo::rerun-if-changed={}", engine.display());
    for line in ["cargo::warning=one", "cargo::rerun-if-env-changed=KILN_ENGINE", &of_engine] {
        assert!(stdout.lines().any(|one| one.ends_with(line)), "{line}\n{stdout}");
    }
    assert!(!stdout.contains("kiln-engine"), "{stdout}");
}

#[test]
fn the_engine_is_the_named_one_or_that_of_cargo_or_the_first_on_the_path() {
    let machine = Machine::new();
    let warned = |command: &mut Command| {
        let stdout = stdout(&command.output().expect("the build script"));
        stdout.lines().find_map(|line| Some(line.split_once("cargo::warning=")?.1.to_owned()))
    };
    assert_eq!(warned(&mut machine.build_script()), None);
    machine.engine("bin/cargo-kiln", &complete("cargo::warning=on the path"));
    assert_eq!(warned(&mut machine.build_script()).as_deref(), Some("on the path"));
    machine.engine("home/bin/cargo-kiln", &complete("cargo::warning=of cargo"));
    assert_eq!(warned(&mut machine.build_script()).as_deref(), Some("of cargo"));
    let named = machine.engine("named", &complete("cargo::warning=named"));
    assert_eq!(warned(machine.build_script().env("KILN_ENGINE", named)).as_deref(), Some("named"));
}

#[test]
fn a_machine_without_the_engine_is_told_how_to_install_it() {
    let machine = Machine::new();
    let absent = machine.build_script().output().expect("the build script");
    let misnamed = machine.output(&machine.path("nowhere"));
    for output in [absent, misnamed] {
        let report = String::from_utf8(output.stderr).expect("UTF-8");
        assert_eq!(output.status.code(), Some(1), "{report}");
        assert!(report.contains("engine of kiln-build"), "{report}");
        assert!(report.contains("run `cargo install --locked "), "{report}");
    }
}

#[test]
fn an_engine_of_another_version_builds_nothing() {
    let report = Machine::new().failure("echo 'kiln-engine 99.0.0'\nexit 1");
    assert!(report.contains("is the engine of kiln-build 99.0.0, and this is "), "{report}");
    assert!(report.contains("run `cargo install --locked "), "{report}");
}

#[test]
fn a_program_that_is_no_engine_is_told_apart() {
    for script in ["echo nonsense", "printf '\\377\\376'", "exit 2", ":"] {
        let report = Machine::new().failure(script);
        assert!(report.contains("is not the engine of kiln-build"), "{script}: {report}");
    }
}

#[test]
fn an_engine_that_ends_in_the_middle_is_no_success() {
    for (end, named) in
        [("exit 0", "exit status: 0"), ("kill -9 $$", "signal: 9"), ("exit 101", "exit status: 101")]
    {
        let script =
            format!("echo 'kiln-engine {VERSION}'\necho 'cargo::warning=half'\necho cause >&2\n{end}");
        let report = Machine::new().failure(&script);
        assert!(report.contains(named) && report.contains("cause"), "{end}: {report}");
    }
}

#[test]
fn mistakes_that_the_engine_reports_are_unchanged() {
    let script = format!("echo 'kiln-engine {VERSION}'\necho '  × a mistake' >&2\nexit 1");
    assert_eq!(Machine::new().failure(&script), "  × a mistake\n");
}

#[test]
fn the_engine_ends_with_the_build_script() {
    let machine = Machine::new();
    let ended = machine.path("ended");
    let made = Command::new("mkfifo").arg(&ended).status().expect("mkfifo");
    assert!(made.success());
    // `read` returns when the build script no longer holds the other end of standard input.
    let script = format!("echo $$ > '{0}'\nread -r line\necho over > '{0}'", ended.display());
    let engine = machine.engine("cargo-kiln", &script);
    let mut build = machine
        .build_script()
        .env("KILN_ENGINE", engine)
        .stdout(Stdio::null())
        .spawn()
        .expect("a build script");
    let process = fs::read_to_string(&ended).expect("the engine has begun");
    assert!(process.trim().parse::<u32>().is_ok(), "{process}");
    build.kill().expect("SIGKILL");
    build.wait().expect("the end");
    assert_eq!(fs::read_to_string(&ended).expect("the engine has ended"), "over\n");
}
