//! A build as a process of its own, by this test binary running one test: with other threads, another user or a full
//! disk, and killable.

use std::{
    env,
    path::Path,
    process::{Command, Output},
};

use kiln_manifest::Mode;
use kiln_pipeline::Config;

use crate::project::{Project, rendered};

const ROOT: &str = "KILN_TEST_ROOT";
const OUT: &str = "KILN_TEST_OUT";
const MODE: &str = "KILN_TEST_MODE";

/// The command that builds `project`.
pub(crate) fn build(project: &Project, mode: Mode) -> Command {
    build_in(project.root(), &project.config(mode).expect("configuration").out, mode)
}

/// The command that builds the package in `root` into `out`.
pub(crate) fn build_in(root: &Path, out: &Path, mode: Mode) -> Command {
    let mut command = Command::new(env::current_exe().expect("this binary"));
    command.args(["--exact", "process::a_build_as_a_process", "--ignored", "--nocapture"]);
    command.env(ROOT, root).env(OUT, out);
    command.env(MODE, if mode == Mode::Release { "release" } else { "dev" });
    command
}

/// Runs such a command to its end. The error is its standard error.
pub(crate) fn run(command: &mut Command) -> Result<(), String> {
    let Output { status, stderr, .. } = command.output().expect("start");
    if status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&stderr).into_owned()) }
}

#[test]
#[ignore = "other tests run it, as a process"]
fn a_build_as_a_process() {
    let (Some(root), Some(out)) = (env::var_os(ROOT), env::var_os(OUT)) else { return };
    let mode = if env::var(MODE).as_deref() == Ok("release") { Mode::Release } else { Mode::Dev };
    let config = Config::new(root.into(), out.into(), mode);
    if let Err(error) = config.and_then(|config| kiln_pipeline::build(&config)) {
        eprint!("{}", rendered(&error));
        std::process::exit(1);
    }
}
