//! External steps with real processes. This executable is the test harness, the build script that is killed, and the
//! supervisor of commands.

#[allow(dead_code)]
#[path = "../build/project.rs"]
mod project;

#[cfg(unix)]
mod diagnostics;
#[cfg(unix)]
mod ending;
#[cfg(unix)]
mod harness;
#[cfg(unix)]
mod running;
#[cfg(unix)]
mod supervised;
#[cfg(unix)]
mod vite;

#[cfg(unix)]
fn main() {
    // The call does not return in the process of a supervisor.
    let _ = kiln_pipeline::supervise();
    if let Some(root) = std::env::var_os(ending::AS_BUILD_SCRIPT) {
        return ending::build_until_killed(root.into());
    }
    harness::run(&[running::TESTS, ending::TESTS, diagnostics::TESTS, vite::TESTS].concat()).exit();
}

#[cfg(not(unix))]
fn main() {}
