//! `cargo kiln engine`, as `kiln-build` runs it.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use kiln_manifest::Mode;
use kiln_pipeline::{Config, Session};
use tempfile::TempDir;

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The engine with cargo's environment for the package in `root`.
fn engine(root: &Path, out: &Path, profile: &str) -> Command {
    fs::create_dir_all(out).expect("an output folder");
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-kiln"));
    command
        .args(["kiln", "engine", VERSION])
        .current_dir(root)
        .env("CARGO_MANIFEST_DIR", root)
        .env("CARGO_MANIFEST_PATH", root.join("Cargo.toml"))
        .env("CARGO_PKG_NAME", "fixture")
        .env("CARGO_PKG_VERSION", "0.0.0")
        .env("OUT_DIR", out)
        .env("PROFILE", profile)
        .env("TARGET", format!("{}-unknown-linux-gnu", std::env::consts::ARCH))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The output of an engine whose caller lives as long as it does.
fn output(command: &mut Command) -> Output {
    let mut engine = command.spawn().expect("the engine");
    let _caller = engine.stdin.take();
    engine.wait_with_output().expect("an end")
}

/// `OUT_DIR` of a target folder of its own.
fn out_dir(folder: &TempDir, name: &str) -> PathBuf {
    folder.path().join(name).join("profile/build/fixture/out")
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("below the folder").to_owned();
                files.insert(name, fs::read(path).unwrap_or_default());
            }
        }
    }
    files
}

#[test]
fn the_engine_writes_the_bytes_that_the_pipeline_writes_in_process() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/light");
    let builds =
        [(workspace, "whatsit", Mode::Dev, "debug"), (template, "fixture", Mode::Release, "release")];
    for (source, name, mode, profile) in builds {
        let folder = tempfile::tempdir().expect("a folder");
        let root = source.canonicalize().expect("a package");
        let root = if root.join("Cargo.toml").is_file() { root } else { copy(&root, &folder) };
        let (ours, of_engine) = (out_dir(&folder, "ours"), out_dir(&folder, "engine"));
        fs::create_dir_all(&ours).expect("an output folder");
        let config = Config::new(root.clone(), ours.clone(), mode).expect("a configuration");
        Session::once(config).build().expect("a build");
        let output = output(engine(&root, &of_engine, profile).env("CARGO_PKG_NAME", name));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let mut files_of_engine = files(&of_engine);
        for (name, bytes) in files(&ours) {
            assert!(files_of_engine.remove(&name) == Some(bytes), "{} differs", name.display());
        }
        files_of_engine.retain(|name, _| !name.starts_with("kiln.missing"));
        let names: Vec<_> = files_of_engine.into_keys().collect();
        assert_eq!(names, [Path::new("kiln_provenance.rs"), Path::new("kiln_sbom.json")]);
    }
}

/// A copy of a template, which holds no `Cargo.toml` of that name.
fn copy(template: &Path, folder: &TempDir) -> PathBuf {
    let root = folder.path().join("package");
    for (name, bytes) in files(template) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
    fs::write(root.join("Cargo.toml"), "[package]\nname = \"fixture\"\n").expect("Cargo.toml");
    root
}

#[test]
fn an_answer_names_the_version_and_is_complete() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = package(&folder, "<p>text</p>");
    let output = output(&mut engine(&root, &out_dir(&folder, "target"), "debug"));
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    let lines: Vec<_> = stdout.lines().collect();
    assert_eq!(lines.first(), Some(&format!("kiln-engine {VERSION}").as_str()));
    assert_eq!(lines.last(), Some(&"kiln-engine has finished"));
    let sources = format!("cargo::rerun-if-changed={}", root.join("assets").display());
    assert!(lines.contains(&sources.as_str()), "{stdout}");
}

#[test]
fn a_mistake_in_the_sources_is_reported_without_directives() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = package(&folder, "<img src=\"missing.png\" alt=\"\">");
    let output = output(&mut engine(&root, &out_dir(&folder, "target"), "debug"));
    assert_eq!(output.status.code(), Some(1));
    let report = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(report.contains("missing.png") && report.contains("assets/index.html:1:"), "{report}");
    assert_eq!(String::from_utf8(output.stdout).expect("UTF-8"), format!("kiln-engine {VERSION}\n"));
}

#[test]
fn another_version_of_kiln_build_gets_no_build() {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-kiln"))
        .args(["kiln", "engine", "99.0.0"])
        .stdin(Stdio::null())
        .output()
        .expect("the engine");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).expect("UTF-8"), format!("kiln-engine {VERSION}\n"));
}

fn package(folder: &TempDir, page: &str) -> PathBuf {
    let root = folder.path().canonicalize().expect("a folder").join("package");
    fs::create_dir_all(root.join("assets")).expect("a folder");
    fs::write(root.join("Cargo.toml"), "[package]\nname = \"fixture\"\n").expect("Cargo.toml");
    fs::write(root.join("assets/index.html"), page).expect("a page");
    root
}
