//! External steps, with real processes. This executable is the harness, the build script that is killed, and the
//! supervisor of the commands.

#[allow(dead_code)]
#[path = "../build/project.rs"]
mod project;

#[cfg(unix)]
mod ending;
#[cfg(unix)]
mod running;
#[cfg(unix)]
mod told;
#[cfg(unix)]
mod vite;

#[cfg(unix)]
fn main() {
    use libtest_mimic::{Arguments, Trial};

    kiln_build::supervise();
    if std::env::var_os(ending::AS_BUILD_SCRIPT).is_some() {
        kiln_build::build_script().expect("a build that goes on until it is killed");
        return;
    }
    let trial = |(name, test): (&str, fn())| {
        Trial::test(name, move || {
            test();
            Ok(())
        })
    };
    let trials = [running::TESTS, ending::TESTS, told::TESTS, vite::TESTS].concat();
    libtest_mimic::run(&Arguments::from_args(), trials.into_iter().map(trial).collect()).exit();
}

#[cfg(not(unix))]
fn main() {}
