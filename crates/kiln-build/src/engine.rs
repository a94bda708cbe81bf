//! The engine: the installed `cargo-kiln`, which runs the pipeline for the build script.
//!
//! The build script holds the engine's standard input open and writes nothing to it, so that the engine ends with the
//! build script, however that ends.

use std::{
    env, io,
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Output, Stdio},
};

use crate::{
    Failure, Outcome,
    protocol::{FIRST_LINE, LAST_LINE},
};

/// The version of the engine: the one of this crate.
const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The variable that names the engine.
const VARIABLE: &str = "KILN_ENGINE";

/// The build lifecycle of a package, from its build script:
///
/// ```no_run
/// fn main() -> kiln_build::Outcome {
///     kiln_build::build_script()
/// }
/// ```
///
/// Runs the engine, which embeds `assets/` below `OUT_DIR` and writes the provenance and the bill of materials, and prints
/// its directives, by which cargo decides when to rerun the build script.
///
/// # Errors
/// When there is no engine of this version; and every mistake in the sources, rendered for cargo's output with file, place
/// and help.
pub fn build_script() -> Outcome {
    let program =
        found().ok_or_else(|| failure("`cargo-kiln` not found, the engine of kiln-build", &install()))?;
    let output = run(&program).map_err(|cause| {
        failure(
            &format!("could not run `{}`, the engine of kiln-build: {cause}", program.display()),
            &install(),
        )
    })?;
    print!("{}", directives(&program, &output)?);
    println!("cargo::rerun-if-env-changed={VARIABLE}");
    println!("cargo::rerun-if-changed={}", program.display());
    Ok(())
}

/// The program: the named one, or else the one in cargo's home, or else the first on `PATH`.
fn found() -> Option<PathBuf> {
    if let Some(named) = env::var_os(VARIABLE) {
        return Some(PathBuf::from(named));
    }
    let name = format!("cargo-kiln{}", env::consts::EXE_SUFFIX);
    let home = env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(env::home_dir()?.join(".cargo")));
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = home.map(|home| home.join("bin")).into_iter().chain(env::split_paths(&path));
    folders.map(|folder| folder.join(&name)).find(|program| program.is_file())
}

fn run(program: &Path) -> io::Result<Output> {
    let mut engine = Command::new(program)
        .args(["kiln", "engine", VERSION])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let _held_open = engine.stdin.take();
    engine.wait_with_output()
}

/// The directives in the output of the engine.
fn directives<'a>(program: &Path, output: &'a Output) -> Result<&'a str, Failure> {
    let program = program.display();
    let answer = std::str::from_utf8(&output.stdout).unwrap_or_default();
    let (version, rest) =
        answer.strip_prefix(FIRST_LINE).and_then(|answer| answer.split_once('\n')).ok_or_else(|| {
            failure(&format!("`{program}` is not the engine of kiln-build {VERSION}"), &install())
        })?;
    if version != VERSION {
        return Err(failure(
            &format!("`{program}` is the engine of kiln-build {version}, and this is {VERSION}"),
            &install(),
        ));
    }
    match rest.strip_suffix(LAST_LINE) {
        Some(directives) if output.status.success() => Ok(directives),
        _ => Err(failed(output.status, &String::from_utf8_lossy(&output.stderr))),
    }
}

/// The engine's own report of its failure; without one, its end.
fn failed(status: ExitStatus, report: &str) -> Failure {
    if status.code() == Some(1) && !report.is_empty() {
        return Failure(report.to_owned());
    }
    let report = if report.is_empty() { String::new() } else { format!("\n{report}") };
    failure(&format!("the engine of kiln-build ended early ({status}){report}"), "build again")
}

/// The command that installs the engine: from the folder beside this crate's, where it is, or else from the registry.
fn install() -> String {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("cargo-kiln");
    let source = if beside.is_dir() {
        format!("--path {}", beside.display())
    } else {
        format!("cargo-kiln@{VERSION}")
    };
    format!("run `cargo install --locked {source}`")
}

fn failure(problem: &str, help: &str) -> Failure {
    Failure(format!("\n  × {problem}\n  help: {help}\n"))
}
